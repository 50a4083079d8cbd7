// The lock that lets one migrator at a time work on a database: a session advisory lock, polled,
// because a queued pg_advisory_lock would deadlock with CREATE INDEX CONCURRENTLY, which waits for
// every older snapshot.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <quartermaster/connection.hpp>

namespace qm::migrate {

// "qm migr8" as ASCII: any fixed number that others are unlikely to use.
inline constexpr std::int64_t lock_key = 0x716d'206d'6967'7238;

class MigrationLock {
 public:
  // Waits up to `timeout`, calling `waiting` once when it has to wait and `cancelled` between
  // polls. Throws MigrationError naming the holder when time is over. Another `key` is the lock of
  // another tool.
  MigrationLock(Connection& connection, std::chrono::milliseconds timeout,
                const std::function<void()>& waiting, const std::function<bool()>& cancelled,
                std::int64_t key = lock_key);
  ~MigrationLock();
  MigrationLock(const MigrationLock&) = delete;
  MigrationLock& operator=(const MigrationLock&) = delete;

 private:
  Connection& connection_;
  const std::int64_t key_;
};

}  // namespace qm::migrate

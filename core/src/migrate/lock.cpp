#include "migrate/lock.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <quartermaster/codec.hpp>
#include <quartermaster/error.hpp>
#include <thread>

namespace qm::migrate {
namespace {

bool try_lock(Connection& connection, std::int64_t key) {
  ParamBuffer<1> params;
  Codec<std::int64_t>::encode(params, key);
  const Result result = connection.execute("select pg_catalog.pg_try_advisory_lock($1)",
                                           params.view(), {}, "quartermaster.lock");
  return Codec<bool>::decode(result.field(0, 0));
}

// Who has it, for the message: the halves of a bigint key are pg_locks' classid and objid.
std::string describe_holder(Connection& connection, std::int64_t key) {
  ParamBuffer<1> params;
  Codec<std::int64_t>::encode(params, key);
  const Result result = connection.execute(
      "select pg_catalog.format('backend %s of %s (%s), since %s', a.pid, a.usename, "
      "a.application_name, a.backend_start::timestamptz(0)) "
      "from pg_catalog.pg_locks l join pg_catalog.pg_stat_activity a on a.pid = l.pid "
      "where l.locktype = 'advisory' and l.granted and l.objsubid = 1 "
      "and l.classid::bigint = ($1::bigint >> 32) "
      "and l.objid::bigint = ($1::bigint & 4294967295) "
      "and l.database = (select oid from pg_catalog.pg_database where datname = "
      "pg_catalog.current_database())",
      params.view(), {}, "quartermaster.lock");
  return result.rows() == 0 ? "another session" : Codec<std::string>::decode(result.field(0, 0));
}

}  // namespace

MigrationLock::MigrationLock(Connection& connection, std::chrono::milliseconds timeout,
                             const std::function<void()>& waiting,
                             const std::function<bool()>& cancelled, std::int64_t key)
    : connection_(connection), key_(key) {
  using namespace std::chrono_literals;
  const auto deadline = Clock::now() + timeout;
  std::chrono::milliseconds pause = 5ms;
  bool told = false;
  while (!try_lock(connection, key)) {
    if (cancelled && cancelled()) {
      throw MigrationError({.object = "migration lock", .problem = "cancelled while waiting"});
    }
    if (!told) {
      if (waiting) waiting();
      told = true;
    }
    if (Clock::now() + pause > deadline) {
      throw MigrationError({.object = "migration lock",
                            .expected = fmt::format("to be free within {} ms", timeout.count()),
                            .found = "it held by " + describe_holder(connection, key),
                            .hint = "wait for that migration to end, or end that session"});
    }
    std::this_thread::sleep_for(pause);
    pause = std::min(pause * 2, 100ms);
  }
}

MigrationLock::~MigrationLock() {
  // The session ends with the migrator in any case; a failure here only means that it already has.
  try {
    ParamBuffer<1> params;
    Codec<std::int64_t>::encode(params, key_);
    connection_.execute("select pg_catalog.pg_advisory_unlock($1)", params.view(), {},
                        "quartermaster.lock");
  } catch (const Error&) {
    return;
  }
}

}  // namespace qm::migrate

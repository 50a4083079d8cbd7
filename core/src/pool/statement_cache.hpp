// Which registered queries are prepared on one connection, under which names, least recently used
// first out. Bookkeeping only: who prepares and closes is QueryOperation.
#pragma once

#include <cstdint>
#include <quartermaster/query.hpp>
#include <string>
#include <vector>

namespace qm::pool {

class StatementCache {
 public:
  explicit StatementCache(std::uint32_t capacity) : capacity_(capacity) {}

  std::uint32_t capacity() const noexcept { return capacity_; }
  std::size_t size() const noexcept { return size_; }

  // The name to execute the query under, now the most recently used; null when not prepared.
  const char* find(const RegisteredQuery& query) noexcept;
  // A name that this connection has never used before, so that a statement which is still to be
  // closed cannot be in its way.
  std::string new_name(const RegisteredQuery& query);
  // It was prepared; evicts the least recently used when full. Capacity must not be 0.
  void insert(const RegisteredQuery& query, std::string name);
  // It has changed, and its name is closed with the evicted ones; or the server has lost it.
  void drop(const RegisteredQuery& query, bool still_on_server);

  // Names that were evicted and not yet closed on the server.
  bool has_evicted() const noexcept { return !evicted_.empty(); }
  // They are forgotten.
  std::vector<std::string> take_evicted();
  // The same as the statements that close them all.
  std::string take_close_script();

 private:
  static constexpr std::uint32_t none = 0;  // entries_[0] is the list's head
  struct Entry {
    std::uint32_t previous = none;
    std::uint32_t next = none;
    std::uint32_t query = 0;
    std::string name{};
  };

  void unlink(std::uint32_t position) noexcept;
  void link_first(std::uint32_t position) noexcept;
  void remove(std::uint32_t position);

  std::uint32_t capacity_;
  std::size_t size_ = 0;
  std::uint64_t names_ = 0;
  std::vector<std::uint32_t> position_of_query_;  // by RegisteredQuery::index; none = not prepared
  std::vector<Entry> entries_{Entry{}};
  std::vector<std::uint32_t> free_;
  std::vector<std::string> evicted_;
};

}  // namespace qm::pool

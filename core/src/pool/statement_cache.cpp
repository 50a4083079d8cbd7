// See statement_cache.hpp.
#include "pool/statement_cache.hpp"

#include <fmt/format.h>

#include <utility>

namespace qm::pool {

const char* StatementCache::find(const RegisteredQuery& query) noexcept {
  if (query.index >= position_of_query_.size()) return nullptr;
  const std::uint32_t position = position_of_query_[query.index];
  if (position == none) return nullptr;
  if (entries_[none].next != position) {
    unlink(position);
    link_first(position);
  }
  return entries_[position].name.c_str();
}

std::string StatementCache::new_name(const RegisteredQuery& query) {
  return fmt::format("qm_{}_{}", query.index, ++names_);
}

void StatementCache::insert(const RegisteredQuery& query, std::string name) {
  if (query.index >= position_of_query_.size()) position_of_query_.resize(query.index + 1, none);
  if (position_of_query_[query.index] != none) remove(position_of_query_[query.index]);
  while (size_ >= capacity_)
    remove(entries_[none].previous);

  std::uint32_t position = 0;
  if (free_.empty()) {
    position = static_cast<std::uint32_t>(entries_.size());
    entries_.emplace_back();
  } else {
    position = free_.back();
    free_.pop_back();
  }
  entries_[position].query = query.index;
  entries_[position].name = std::move(name);
  position_of_query_[query.index] = position;
  link_first(position);
  ++size_;
}

void StatementCache::drop(const RegisteredQuery& query, bool still_on_server) {
  if (query.index >= position_of_query_.size() || position_of_query_[query.index] == none) return;
  remove(position_of_query_[query.index]);
  if (!still_on_server) evicted_.pop_back();
}

std::vector<std::string> StatementCache::take_evicted() {
  return std::exchange(evicted_, {});
}

std::string StatementCache::take_close_script() {
  std::string script;
  for (const std::string& name : take_evicted())
    script += fmt::format("deallocate {};", name);
  return script;
}

void StatementCache::unlink(std::uint32_t position) noexcept {
  Entry& entry = entries_[position];
  entries_[entry.previous].next = entry.next;
  entries_[entry.next].previous = entry.previous;
}

void StatementCache::link_first(std::uint32_t position) noexcept {
  Entry& entry = entries_[position];
  entry.previous = none;
  entry.next = entries_[none].next;
  entries_[entry.next].previous = position;
  entries_[none].next = position;
}

void StatementCache::remove(std::uint32_t position) {
  unlink(position);
  position_of_query_[entries_[position].query] = none;
  evicted_.push_back(std::move(entries_[position].name));
  free_.push_back(position);
  --size_;
}

}  // namespace qm::pool

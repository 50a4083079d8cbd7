// Registered queries without a plugin: what a pool needs to know of one.
#pragma once

#include <atomic>
#include <memory>
#include <quartermaster/query.hpp>
#include <string>

namespace qm::test {

inline std::unique_ptr<RegisteredQuery> registered(const std::string& name,
                                                   const std::string& sql) {
  static std::atomic<std::uint32_t> next{0};
  auto query = std::make_unique<RegisteredQuery>();
  query->index = next++;
  query->kind = QueryKind::many;
  query->plugin = "test";
  query->name = name;
  query->full_name = "test." + name;
  query->sql = sql;
  return query;
}

}  // namespace qm::test

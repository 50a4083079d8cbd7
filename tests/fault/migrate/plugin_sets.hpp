// The migrations that the tests here interrupt, by name: both the test and the process that it
// kills need them.
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

#include "shipped_migrations.hpp"

namespace qm::test {

// A version outside a transaction: two indexes made while others work.
inline std::vector<PluginInfo> index_plugins() {
  return {made_up_plugin(
      "made",
      {made_up_migration(1, "table", "create table public.t (a int, b int)", "drop table public.t"),
       made_up_migration(2, "indexes",
                         "create index concurrently t_a on public.t (a);\n"
                         "create index concurrently t_b on public.t (b);\n",
                         "drop index concurrently public.t_b;\n"
                         "drop index concurrently public.t_a;\n",
                         false)})};
}

// Four versions of two plugins; the third makes its indexes while others work.
inline std::vector<PluginInfo> starter_plugins() {
  const std::string rows = "insert into public.t select i, i from generate_series(1, 20000) i;";
  return {
      made_up_plugin("base", {made_up_migration(1, "table", "create table public.t (a int, b int)"),
                              made_up_migration(3, "indexes",
                                                "create index concurrently t_a on public.t (a);\n"
                                                "create index concurrently t_b on public.t (b);\n",
                                                {}, false)}),
      made_up_plugin("rows",
                     {made_up_migration(2, "rows", rows),
                      made_up_migration(4, "column", "alter table public.t add column c text")},
                     {"base"})};
}

inline std::vector<PluginInfo> plugin_set(const std::string& name) {
  if (name == "shipped") return base_plugins();
  if (name == "all") return all_plugins();
  if (name == "starters") return starter_plugins();
  if (name == "index") return index_plugins();
  throw std::invalid_argument("no plugin set " + name);
}

}  // namespace qm::test

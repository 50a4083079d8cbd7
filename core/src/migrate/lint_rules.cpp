// The rules of quartermaster/migration_lint.hpp.
#include "migrate/lint_rules.hpp"

#include <algorithm>

namespace qm {

std::span<const LintRule> lint_rules() noexcept {
  static constexpr LintRule rules[] = {
      {"index-blocks-writes",
       "building an index without CONCURRENTLY keeps all writers of the table waiting",
       "create index concurrently, in a version of its own with '-- quartermaster: "
       "no-transaction'"},
      {"drop-index-blocks",
       "dropping an index without CONCURRENTLY keeps everybody away from its table until the "
       "transaction ends",
       "drop index concurrently, in a version of its own with '-- quartermaster: no-transaction'"},
      {"concurrently-in-transaction", "CONCURRENTLY cannot run inside a transaction",
       "put it into a version of its own with '-- quartermaster: no-transaction' at the top"},
      {"column-rewrites-table",
       "a column whose values are computed for each row rewrites the table under an exclusive lock",
       "add the column without it, set the default for new rows, fill the old ones in batches"},
      {"not-null-without-default", "a NOT NULL column without a default fails where there are rows",
       "give it a constant default, or add it as nullable and set NOT NULL later"},
      {"not-null-scans", "SET NOT NULL reads the whole table under an exclusive lock",
       "add a CHECK (column IS NOT NULL) NOT VALID, validate it in the next version, then set NOT "
       "NULL, which takes the check as proof"},
      {"type-rewrites-table",
       "another type rewrites the table and its indexes under an exclusive lock",
       "add a column of the new type, fill it in batches, let the application change over"},
      {"constraint-scans", "a new constraint is checked on all rows while writers wait",
       "add it NOT VALID, validate it in the next version"},
      {"constraint-builds-index",
       "a new UNIQUE, PRIMARY KEY or EXCLUDE builds its index while everybody waits",
       "create unique index concurrently first, then add the constraint USING INDEX"},
      {"removes-data", "what is dropped is gone, and a release that still runs and uses it fails",
       "drop it one release after the last that uses it, and say so in a suppression"},
      {"renames", "a release that still runs knows the old name only",
       "add the new name beside the old one, for example as a view, until all have changed over"},
      {"cascade", "CASCADE drops what nobody listed", "drop the dependents by name"},
      {"backfill-under-lock",
       "changing rows after altering their table keeps its exclusive lock for as long as it takes",
       "fill in a version of its own, in batches"},
      {"changes-all-rows",
       "changing every row in one transaction locks them all and leaves the table twice its size",
       "change them in batches, or add the condition that limits it"},
      {"exclusive-lock", "it keeps everybody away from the table for as long as it takes",
       "use the CONCURRENTLY form where there is one, or do it outside of migrations"},
      {"lock-timeout-off",
       "without lock_timeout a statement that waits for its lock stops all behind it",
       "leave lock_timeout to the migrator, or set it to another bound"},
      {"no-way-back", "there is no down file, or nothing in it",
       "write the down, or say in a suppression why there is none"},
      {"bad-suppression", "a suppression names a rule, gives a reason and keeps a finding away",
       "-- quartermaster: allow <rule>, <rule>: <reason>, before the statement"},
  };
  return rules;
}

const LintRule* migrate::find_rule(std::string_view id) noexcept {
  const auto rules = lint_rules();
  const auto found =
      std::find_if(rules.begin(), rules.end(), [&](const LintRule& rule) { return rule.id == id; });
  return found == rules.end() ? nullptr : &*found;
}

}  // namespace qm

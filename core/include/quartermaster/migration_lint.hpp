// What in a migration would stop an application that runs meanwhile, lose its data or leave no way
// back: found in the text alone, without a database. Follows the chapters on ALTER TABLE and
// explicit locking of PostgreSQL's manual.
#pragma once

#include <cstddef>
#include <optional>
#include <quartermaster/export.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace qm {

struct LintRule {
  const char* id;      // "index-blocks-writes"
  const char* reason;  // what happens
  const char* remedy;  // the safe way
};

// All there are. docs/migrations.md explains them.
QM_API std::span<const LintRule> lint_rules() noexcept;

// A version's text. Views of what the caller keeps.
struct LintInput {
  std::string_view file{};  // what findings call the way up
  std::string_view up{};
  std::optional<std::string_view> down{};
  bool transactional = true;
};

struct LintFinding {
  std::string file;
  std::size_t line = 1;
  const LintRule* rule = nullptr;
  std::string statement;  // its first line
  std::string detail{};   // what it is about: a table, a column, a bad suppression
};

// In the order of the file. A comment before a statement, or for the whole version before the
// first,
//
//   -- quartermaster: allow index-blocks-writes, not-null-scans: the table has 20 rows
//
// keeps findings of these rules away; one without a reason, of an unknown rule or without effect is
// a finding itself. Tables that the version itself creates are nobody's yet and may be treated in
// any way.
QM_API std::vector<LintFinding> lint(const LintInput& migration);

}  // namespace qm

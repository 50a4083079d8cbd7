// Looks up rules of quartermaster/migration_lint.hpp by their ids.
#pragma once

#include <quartermaster/migration_lint.hpp>
#include <string_view>

namespace qm::migrate {

// Null when there is none.
const LintRule* find_rule(std::string_view id) noexcept;

}  // namespace qm::migrate

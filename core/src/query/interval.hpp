// Interval in PostgreSQL's default style; ISO 8601 is Interval::to_string().
#pragma once

#include <quartermaster/types.hpp>
#include <string>

namespace qm::query {

// "1 year 2 mons -3 days +04:05:06.5", as with intervalstyle = postgres.
std::string postgres_text(const Interval& interval);

}  // namespace qm::query

// The signature of a query: the canonical text of what a client relies on, that is kind, parameters
// and columns with order, names, types and nullability, and not the SQL. Host and client compare
// it; its hash finds it.
//
//   :opt (id uuid) -> (id uuid, tmdb_id integer?, title character varying)
#pragma once

#include <cstdint>
#include <string>

#include "codegen/lock.hpp"

namespace qm::codegen {

std::string signature(const LockEntry& entry);
std::uint64_t signature_hash(const std::string& signature);

}  // namespace qm::codegen

// Which C++ type stands for a PostgreSQL type in generated clients: the table at the top of
// quartermaster/types.hpp, by OID.
#pragma once

#include <optional>
#include <quartermaster/types.hpp>
#include <string>

namespace qm::codegen {

struct CppType {
  std::string value;      // as a member: "qm::Uuid", "std::vector<std::string>"
  std::string parameter;  // as a parameter's member: "std::string_view" instead of std::string
  bool by_value = false;  // as an argument: small enough to copy
};

// For the OID of a built-in type, or 0 for one that is read and sent as text (an enum). None: the
// type has no counterpart yet.
std::optional<CppType> cpp_type(Oid type);

}  // namespace qm::codegen

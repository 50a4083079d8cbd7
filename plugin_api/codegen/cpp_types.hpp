// Which C++ type stands for a PostgreSQL type in generated clients: the table at the top of
// quartermaster/types.hpp by OID, and what the lock file says of the types of the schema.
//
// A type without a counterpart of its own (geometry, rows of tables, types of extensions) is
// its text, std::string: sent to the type's input function, and read from a result in text format.
#pragma once

#include <map>
#include <quartermaster/types.hpp>
#include <string>

#include "codegen/lock.hpp"

namespace qm::codegen {

struct CppType {
  std::string value;      // as a member: "qm::Uuid", "std::vector<std::string>"
  std::string parameter;  // as a parameter's member: "std::string_view" instead of std::string
  bool by_value = false;  // as an argument: small enough to copy
  Oid wire = 0;           // what its codec is asked to write; 0: as the server reads it
  // False: its binary form has no reader, the result has to come as text.
  bool is_binary = true;
  // True: only the server can write its binary form, so that COPY cannot take it.
  bool is_sent_as_text = false;
};

class CppTypes {
 public:
  // `named`: what the enum class of each enumeration of the lock file is called, and the struct of
  // each composite. Both must outlive this.
  CppTypes(const Lock& lock, const std::map<std::string, std::string>& named)
      : lock_(lock), named_(named) {}

  // Throws std::runtime_error for a type that the lock file should describe and does not.
  CppType of(const std::string& name, Oid oid) const;
  CppType of(const TypedName& value) const { return of(value.type, value.oid); }

 private:
  CppType of_array(const std::string& element, Oid oid) const;

  const Lock& lock_;
  const std::map<std::string, std::string>& named_;
};

// What goes to the server: the query's own statement with its stars written out; of :copyfrom the
// COPY statement, where all parameters have a binary form for it.
std::string sent_sql(const Lock& lock, const LockEntry& entry, const Statement& statement);

// Whether any column has to be read from text.
bool needs_text_results(const Lock& lock, const LockEntry& entry);

}  // namespace qm::codegen

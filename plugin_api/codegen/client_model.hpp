// What a client header consists of, before it is text: which structs, enumerations and methods
// there are, under which C++ names. emit_client.hpp writes it down.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "codegen/lock.hpp"
#include "codegen/plugin.hpp"

namespace qm::codegen {

// A member of a row or of a struct of parameters.
struct ClientMember {
  std::string name;
  std::string json;        // of a row: the column's name in camelCase
  std::string type;        // as a member
  std::string view;        // of a row: without copied text; the same where there is none
  Oid wire = 0;            // of a parameter: what its codec is asked to write
  bool by_value = false;   // of a parameter: as an argument
  std::size_t column = 0;  // of a row: its first
  std::string embedded{};  // of a row: the struct that it is, of `columns` columns
  std::size_t columns = 1;
  bool is_optional_embed = false;
};

struct ClientRow {
  std::string name;
  std::string documentation;
  std::vector<ClientMember> members;
  std::string view;  // the type that reads it in place
  bool has_view = false;
};

// A composite type as a value of a row.
struct ClientComposite {
  std::string name;
  std::string type;  // in PostgreSQL
  std::vector<ClientMember> members;
};

struct ClientEnum {
  std::string name;
  std::string type;  // in PostgreSQL
  struct Label {
    std::string name;
    std::string text;
  };
  std::vector<Label> labels;
};

struct ClientParams {
  std::string name;  // of the struct; empty: none, or a single parameter
  std::vector<ClientMember> members;
};

struct ClientMethod {
  const PluginQuery* query = nullptr;
  const LockEntry* entry = nullptr;
  std::string name;
  std::string range_name;   // of :many: the method whose rows are not copied
  std::string stream_name;  // and the one that hands them over one by one
  std::string cursor_name;  // and the one that fetches them in pieces
  std::string handle;       // the member that holds the registered query
  std::string row;          // type of a row; empty: none
  std::string view;         // of :many: type of a row that is not copied
  ClientParams params;
};

// A type of the client's whose name says the same as another's: rows of equal shape are one type.
struct ClientAlias {
  std::string name;
  std::string target;
};

struct ClientModel {
  std::vector<std::string> includes;  // what overrides need
  std::vector<ClientEnum> enums;
  std::vector<ClientComposite> composites;  // what one contains stands before it
  std::vector<ClientRow> rows;              // what a row embeds stands before it
  std::vector<ClientAlias> aliases;
  std::vector<ClientMethod> methods;
};

// `prefix` stands before the names of namespace qm ("qm::", or nothing inside of it). Throws
// CodegenError for a rename that collides.
ClientModel client_model(const std::vector<PluginQuery>& queries, const Lock& lock,
                         const ClientNames& names, const std::string& prefix);

}  // namespace qm::codegen

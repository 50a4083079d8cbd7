// What a database's catalog says of its tables, types, functions and views, read once each and
// kept. Not for what a statement means: that is describe.hpp.
#pragma once

#include <functional>
#include <map>
#include <quartermaster/types.hpp>
#include <set>
#include <string>
#include <vector>

#include "codegen/lock.hpp"
#include "codegen/nullability.hpp"
#include "codegen/server.hpp"

namespace qm::codegen {

struct TableColumn {
  int attribute = 0;
  std::string name;
  bool not_null = false;
};

struct Table {
  std::string name;  // qualified
  std::vector<TableColumn> columns;
};

struct Type {
  std::string name;
  Oid fixed_oid = 0;
};

class Catalog {
 public:
  // The connection must outlive it.
  explicit Catalog(Server& server);
  Catalog(const Catalog&) = delete;
  Catalog& operator=(const Catalog&) = delete;

  const Table& table(Oid oid);
  const Type& type(Oid oid);
  // Those that type() was asked for and that differ from database to database, by name.
  const std::map<std::string, TypeEntry>& type_entries() const noexcept { return type_entries_; }
  // What nullability.hpp asks for; the nullable parameters are the caller's to set.
  CatalogFacts& facts() noexcept { return facts_; }
  // As SQL writes it: in quotes only where it has to be.
  std::string quoted(const std::string& name) const;
  // Whether changing something is what this function is for.
  bool writes(Oid function) const { return writing_functions_.contains(function); }
  // Whether calling it once more, or in another's transaction, might matter.
  bool has_effects(Oid function) const { return volatile_functions_.contains(function); }

 private:
  void read_functions();
  const std::string& view_query(Oid oid);

  Server& server_;
  std::map<Oid, Table> tables_;
  std::map<Oid, Type> types_;
  std::map<std::string, TypeEntry> type_entries_;
  CatalogFacts facts_;
  std::map<Oid, Gives> functions_;
  std::set<Oid> writing_functions_;
  std::set<Oid> volatile_functions_;
  std::set<std::string, std::less<>> keywords_;
  std::map<Oid, std::string> builtin_names_;
  std::map<Oid, std::string> views_;
};

}  // namespace qm::codegen

#include "cli/verify.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <quartermaster/error.hpp>
#include <quartermaster/row.hpp>

namespace qm::cli {
namespace {

// Types by name and by OID, as this database knows them.
class TypeNames {
 public:
  explicit TypeNames(Connection& connection) : connection_(connection) {}

  // 0 when there is none of that name.
  Oid oid(const QueryValue& value) {
    if (value.type_oid != 0) return value.type_oid;
    const auto [entry, is_new] = oids_.try_emplace(value.type, 0);
    if (is_new) {
      entry->second =
          ask<std::optional<std::int64_t>>("select to_regtype($1::text)::oid::bigint", value.type)
              .value_or(0);
    }
    return static_cast<Oid>(entry->second);
  }

  const std::string& name(Oid oid) {
    const auto [entry, is_new] = names_.try_emplace(oid);
    if (is_new) {
      entry->second = ask<std::string>("select format_type($1::oid, null)", fmt::format("{}", oid));
    }
    return entry->second;
  }

 private:
  template <class T>
  T ask(std::string_view sql, const std::string& argument) {
    const char* value = argument.c_str();
    const int length = static_cast<int>(argument.size());
    const int format = 0;
    const Oid type = 0;
    return decode_field<T>(
        connection_.execute(sql, {{&value, 1}, {&length, 1}, {&format, 1}, {&type, 1}}), 0, 0);
  }

  Connection& connection_;
  std::map<std::string, std::int64_t> oids_;
  std::map<Oid, std::string> names_;
};

class Verification {
 public:
  explicit Verification(Connection& connection) : connection_(connection), types_(connection) {}

  void verify(const RegisteredQuery& query) {
    std::vector<Oid> declared;
    for (const QueryValue& parameter : query.parameters)
      declared.push_back(types_.oid(parameter));
    StatementDescription found;
    try {
      found = connection_.describe(single_statement(query), declared, {}, query.full_name);
    } catch (const ServerError& error) {
      add(query, "statement", "one the server prepares",
          fmt::format("{} {}", error.sqlstate(), error.fields().message));
      return;
    }
    compare_parameters(query, found);
    compare_columns(query, found);
  }

  std::vector<Mismatch> take_mismatches() { return std::move(mismatches_); }

 private:
  void add(const RegisteredQuery& query, std::string what, std::string expected,
           std::string found) {
    mismatches_.push_back(
        {query.full_name, std::move(what), std::move(expected), std::move(found)});
  }

  void compare_parameters(const RegisteredQuery& query, const StatementDescription& found) {
    if (query.parameters.size() != found.parameters.size()) {
      add(query, "parameters", fmt::format("{}", query.parameters.size()),
          fmt::format("{}", found.parameters.size()));
      return;
    }
    for (std::size_t i = 0; i < found.parameters.size(); ++i) {
      const QueryValue& parameter = query.parameters[i];
      if (types_.oid(parameter) == found.parameters[i]) continue;
      add(query, "parameter " + parameter.name, parameter.type, types_.name(found.parameters[i]));
    }
  }

  void compare_columns(const RegisteredQuery& query, const StatementDescription& found) {
    const std::size_t common = std::min(query.columns.size(), found.columns.size());
    for (std::size_t i = 0; i < common; ++i) {
      const QueryValue& column = query.columns[i];
      if (column.name != found.columns[i].name) {
        add(query, fmt::format("column {}", i + 1), column.name, found.columns[i].name);
      } else if (types_.oid(column) != found.columns[i].type) {
        add(query, "column " + column.name, column.type, types_.name(found.columns[i].type));
      }
    }
    for (std::size_t i = common; i < query.columns.size(); ++i)
      add(query, fmt::format("column {}", i + 1), query.columns[i].name, "no such column");
    for (std::size_t i = common; i < found.columns.size(); ++i)
      add(query, fmt::format("column {}", i + 1), "no such column", found.columns[i].name);
  }

  Connection& connection_;
  TypeNames types_;
  std::vector<Mismatch> mismatches_;
};

}  // namespace

std::string single_statement(const RegisteredQuery& query) {
  // As qmgen writes it: "copy TABLE (COLUMNS) from stdin (format binary)".
  constexpr std::string_view start = "copy ";
  constexpr std::string_view end = " from stdin (format binary)";
  if (query.kind != QueryKind::copyfrom || !query.sql.starts_with(start)) return query.sql;
  std::string values;
  for (std::size_t i = 1; i <= query.parameters.size(); ++i)
    values += fmt::format("{}${}", i > 1 ? ", " : "", i);
  return fmt::format("insert into {} values ({})",
                     query.sql.substr(start.size(), query.sql.size() - start.size() - end.size()),
                     values);
}

std::vector<Mismatch> verify_queries(Connection& connection,
                                     std::span<const RegisteredQuery* const> queries) {
  Verification verification(connection);
  for (const RegisteredQuery* query : queries)
    verification.verify(*query);
  return verification.take_mismatches();
}

}  // namespace qm::cli

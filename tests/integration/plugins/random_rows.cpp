#include "random_rows.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>
#include <string_view>
#include <vector>

#include "database_text.hpp"

namespace qm::test {
namespace {

constexpr const char* loosen = R"(
set session_replication_role = replica;
do $do$
declare
  each record;
begin
  for each in
    select conrelid::regclass as relation, conname from pg_constraint
    where contype in ('c', 'f', 'x') and conrelid <> 0
      and connamespace::regnamespace::text !~ '^(pg_|information_schema|quartermaster)'
  loop
    execute format('alter table %s drop constraint %I', each.relation, each.conname);
  end loop;
end
$do$)";

// "table<tab>column, column" and the columns' types and whether they hold NULL, a row a column.
constexpr const char* columns_of_all = R"(
select a.attrelid::regclass || E'\t' || quote_ident(a.attname) || E'\t'
  || format_type(a.atttypid, null) || E'\t' || a.attnotnull
from pg_attribute a join pg_class c on c.oid = a.attrelid
where c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
  and a.attidentity <> 'a'
  and c.relnamespace::regnamespace::text !~ '^(pg_|information_schema|quartermaster)'
order by a.attrelid::regclass::text, a.attnum)";

const std::vector<std::string>& values_of(const std::string& type) {
  static const std::vector<std::string> numbers{"0", "1", "2", "3", "5", "8"};
  static const std::vector<std::string> words{"",     "a",          "en",      "movie", "cast",
                                              "crew", "guest_star", "running", "phash"};
  static const std::vector<std::string> documents{"{}",
                                                  "[]",
                                                  "null",
                                                  R"("a")",
                                                  R"({"en": "a", "de": null})",
                                                  R"([{"a": 1}, null])",
                                                  R"({"a": {"b": [1, "x"]}})"};
  static const std::map<std::string, std::vector<std::string>, std::less<>> values{
      {"smallint", numbers},
      {"integer", numbers},
      {"bigint", numbers},
      {"real", numbers},
      {"double precision", numbers},
      {"numeric", {"0", "0.5", "2.5", "7"}},
      {"boolean", {"true", "false"}},
      {"text", words},
      {"character varying", words},
      {"character", {"a", "b"}},
      {"uuid",
       {"00000000-0000-0000-0000-000000000001", "00000000-0000-0000-0000-000000000002",
        "00000000-0000-0000-0000-000000000003", "00000000-0000-0000-0000-000000000004",
        "00000000-0000-0000-0000-000000000005", "00000000-0000-0000-0000-000000000006"}},
      {"timestamp with time zone",
       {"yesterday", "tomorrow", "2020-01-01", "2100-01-01", "infinity"}},
      {"timestamp without time zone", {"yesterday", "tomorrow", "2020-01-01", "infinity"}},
      {"date", {"yesterday", "today", "tomorrow", "2020-02-29", "infinity"}},
      {"time without time zone", {"00:00", "12:30"}},
      {"interval", {"0", "1 hour", "30 days", "-1 year"}},
      {"jsonb", documents},
      {"json", documents},
      {"inet", {"127.0.0.1", "10.0.0.0/8", "::1"}},
      {"bytea", {"", "\\x00", "\\x0102"}}};
  static const std::vector<std::string> none;
  const auto known = values.find(type);
  return known == values.end() ? none : known->second;
}

std::vector<std::string> split(std::string_view text, char at) {
  std::vector<std::string> parts;
  for (;;) {
    const std::size_t end = text.find(at);
    parts.emplace_back(text.substr(0, end));
    if (end == text.npos) return parts;
    text.remove_prefix(end + 1);
  }
}

}  // namespace

RandomRows::RandomRows(Connection& connection, std::uint_fast32_t seed)
    : connection_(connection), random_(seed) {
  connection_.execute_script(loosen);
}

void RandomRows::fill(int rows_per_table) {
  struct Column {
    std::string name;
    std::string type;
    bool not_null = false;
  };
  std::map<std::string, std::vector<Column>> tables;
  for (const std::string& line : split(column(connection_, columns_of_all), '\n')) {
    const std::vector<std::string> facts = split(line, '\t');
    tables[facts.at(0)].push_back({facts.at(1), facts.at(2), facts.at(3) == "true"});
  }
  std::string sql;
  for (const auto& [table, columns] : tables) {
    for (int row = 0; row < rows_per_table; ++row) {
      std::string names;
      std::string row_values;
      for (const Column& column : columns) {
        const char* comma = names.empty() ? "" : ", ";
        names += comma + column.name;
        row_values += comma + (column.not_null ? value(column.type) : value_or_null(column.type));
      }
      sql += fmt::format("insert into {} ({}) values ({}) on conflict do nothing;\n", table, names,
                         row_values);
    }
  }
  connection_.execute_script(sql);
}

std::string RandomRows::pick(const std::string& type) {
  const auto& values = values_of(type);
  if (values.empty()) {
    ADD_FAILURE() << "no values for type " << type;
    return "null";
  }
  return fmt::format("'{}'::{}", values[random_() % values.size()], type);
}

std::string RandomRows::value(const std::string& type) {
  if (!type.ends_with("[]")) return pick(type);
  const std::string element = type.substr(0, type.size() - 2);
  std::string elements;
  for (std::uint_fast32_t i = random_() % 4; i > 0; --i)
    elements += (elements.empty() ? "" : ", ") + value_or_null(element);
  return fmt::format("array[{}]::{}", elements, type);
}

std::string RandomRows::value_or_null(const std::string& type) {
  return random_() % 2 == 0 ? "null" : value(type);
}

}  // namespace qm::test

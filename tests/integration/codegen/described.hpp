// A database to describe queries on, with a schema of a test's own, and the answers as text.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "codegen/describe.hpp"
#include "codegen_input.hpp"
#include "test_database.hpp"

namespace qm::test {

inline codegen::MigrationFile migration(std::uint32_t version, const std::string& up,
                                        bool transactional = true) {
  return {version, "m", std::make_shared<const codegen::Source>("m.sql", up), nullptr,
          transactional};
}

inline codegen::LockEntry describe(codegen::DescribeDatabase& database,
                                   const codegen::SourceQuery& query) {
  return database.describe(query, codegen::rewrite_parameters(query));
}

class Described {
 public:
  explicit Described(const std::string& schema) : database_(server_url()) {
    database_.migrate({migration(1, schema)});
  }

  codegen::LockEntry entry(const std::string& statement, const std::string& kind = ":many") {
    return describe(database_, query_of(statement, kind));
  }

  // "name type, name type?": ? for what may be NULL.
  std::string columns(const std::string& statement, const std::string& kind = ":many") {
    return text(entry(statement, kind).columns);
  }
  // What goes to the server.
  std::string sent(const std::string& statement) {
    const codegen::SourceQuery query = query_of(statement, ":many");
    const codegen::Statement rewritten = codegen::rewrite_parameters(query);
    return codegen::write_stars_out(rewritten.sql(), database_.describe(query, rewritten).stars);
  }
  std::string parameters(const std::string& statement) {
    return text(entry(statement, ":exec").parameters);
  }
  std::string kind(const std::string& statement, const std::string& asked = ":one") {
    return entry(statement, asked).kind;
  }
  // Of a query from line 2 of q.sql on.
  std::string refused(const std::string& statement, const std::string& kind = ":many") {
    const codegen::SourceQuery query = query_of(statement, kind);
    return fault([&] { describe(database_, query); });
  }
  // Of a text that begins with its own name line.
  std::string refused_text(const std::string& text) {
    const codegen::SourceQuery query = parse_queries(text).at(0);
    return fault([&] { describe(database_, query); });
  }

  codegen::DescribeDatabase& database() { return database_; }

 private:
  static std::string text(const std::vector<codegen::TypedName>& values) {
    std::string out;
    for (const codegen::TypedName& value : values) {
      out +=
          (out.empty() ? "" : ", ") + value.name + " " + value.type + (value.nullable ? "?" : "");
    }
    return out;
  }

  codegen::DescribeDatabase database_;
};

}  // namespace qm::test

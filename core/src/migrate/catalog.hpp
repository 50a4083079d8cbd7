// The catalog of a database in words, and in what two of them differ.
#pragma once

#include <quartermaster/connection.hpp>
#include <quartermaster/migrator.hpp>
#include <string>
#include <vector>

namespace qm::migrate {

// core/src/migrate/catalog.sql, whose head describes the lines.
extern const char* const catalog_sql;

// Its lines. Reads only; outside a transaction.
std::vector<std::string> read_catalog(Connection& connection);

// By object. The places of columns do not count. Of what is there and not expected, only what
// belongs to an expected table, and what is in `elsewhere` as well, schemas and extensions apart:
// the rest is somebody else's.
std::vector<SchemaDifference> compare_catalogs(const std::vector<std::string>& expected,
                                               const std::vector<std::string>& found,
                                               const std::vector<std::string>& elsewhere = {});

}  // namespace qm::migrate

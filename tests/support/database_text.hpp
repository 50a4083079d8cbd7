// A database in words: its catalog, its rows, a single value; and SQL to be run on it. What tests
// compare before and after.
#pragma once

#include <memory>
#include <quartermaster/connection.hpp>
#include <string>

namespace qm::test {

// A connection for a test's own questions, with ten seconds to come about.
std::unique_ptr<Connection> connect(const std::string& url);

// Any number of statements in one transaction.
void run_sql(const std::string& url, const std::string& sql);

// The first column of all rows, a line each; NULL is "(null)".
std::string column(Connection& connection, const std::string& sql);
std::string column(const std::string& url, const std::string& sql);

// Asks until the answer is `wanted`; false when it is not within thirty seconds.
bool becomes(Connection& connection, const std::string& sql, const std::string& wanted);

std::string catalog(const std::string& url);        // core/src/migrate/catalog.sql
std::string catalog_facts(const std::string& url);  // support/catalog_facts.sql
std::string seed_rows(const std::string& url);      // support/seed_rows.sql

// A file of tests/data without its head, the lines that begin with '#'.
std::string expected(const std::string& file);

}  // namespace qm::test

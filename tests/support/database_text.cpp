#include "database_text.hpp"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace qm::test {
namespace {

using namespace std::chrono_literals;

std::string support_file(const std::string& name) {
  const auto file = std::filesystem::path(QUARTERMASTER_SOURCE_DIR) / "tests/support" / name;
  std::ifstream in(file);
  if (!in) throw std::runtime_error("cannot read " + file.string());
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

// As the head of catalog.sql asks.
std::string described(const std::string& url, const std::string& file) {
  const auto connection = connect(url);
  connection->execute_script("set search_path = ''");
  return column(*connection, support_file(file));
}

}  // namespace

std::unique_ptr<Connection> connect(const std::string& url) {
  return Connection::open({.url = url, .application_name = "test"}, Clock::now() + 10s);
}

void run_sql(const std::string& url, const std::string& sql) {
  if (!sql.empty()) connect(url)->execute_script(sql);
}

std::string column(Connection& connection, const std::string& sql) {
  const Result result = connection.execute_script(sql);
  std::string text;
  for (int row = 0; row < result.rows(); ++row) {
    const Field field = result.field(row, 0);
    if (row > 0) text += '\n';
    if (field.is_null()) {
      text += "(null)";
    } else {
      text.append(field.data, static_cast<std::size_t>(field.size));
    }
  }
  return text;
}

std::string column(const std::string& url, const std::string& sql) {
  return column(*connect(url), sql);
}

bool becomes(Connection& connection, const std::string& sql, const std::string& wanted) {
  const auto deadline = Clock::now() + 30s;
  while (column(connection, sql) != wanted) {
    if (Clock::now() > deadline) return false;
    // Only to leave the processor to those we wait for.
    std::this_thread::sleep_for(2ms);
  }
  return true;
}

std::string catalog(const std::string& url) {
  return described(url, "../../core/src/migrate/catalog.sql");
}

std::string catalog_facts(const std::string& url) {
  return described(url, "catalog_facts.sql");
}

std::string seed_rows(const std::string& url) {
  return column(url, support_file("seed_rows.sql"));
}

std::string expected(const std::string& file) {
  std::ifstream in(std::filesystem::path(QUARTERMASTER_SOURCE_DIR) / "tests/data" / file);
  if (!in) throw std::runtime_error("cannot read tests/data/" + file);
  std::string text;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with('#')) continue;
    text += (text.empty() ? "" : "\n") + line;
  }
  return text;
}

}  // namespace qm::test

// Databases on a server: templates built once, copies of them, their removal.
#include <fmt/format.h>
#include <libpq-fe.h>

#include <chrono>
#include <memory>
#include <quartermaster/embedded.hpp>
#include <quartermaster/error.hpp>
#include <thread>

namespace qm::embedded {
namespace {

struct Finish {
  void operator()(PGconn* connection) const noexcept { ::PQfinish(connection); }
  void operator()(PGresult* result) const noexcept { ::PQclear(result); }
};
using Connection = std::unique_ptr<PGconn, Finish>;
using Answer = std::unique_ptr<PGresult, Finish>;

std::string trimmed(const char* message) {
  std::string text = message == nullptr ? "" : message;
  text.erase(text.find_last_not_of("\r\n ") + 1);
  return text;
}

Connection open(const std::string& url) {
  Connection connection(::PQconnectdb(url.c_str()));
  if (::PQstatus(connection.get()) != CONNECTION_OK) {
    throw EmbeddedError({.object = "embedded server",
                         .expected = "a connection",
                         .found = trimmed(::PQerrorMessage(connection.get()))});
  }
  ::PQsetNoticeProcessor(
      connection.get(), [](void*, const char*) {}, nullptr);
  return connection;
}

// The SQLSTATE, empty on success; the text of a failure goes to `message`.
std::string try_run(PGconn* connection, const std::string& sql, std::string& message) {
  const Answer answer(::PQexec(connection, sql.c_str()));
  const ExecStatusType status = ::PQresultStatus(answer.get());
  if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) return {};
  message = trimmed(::PQerrorMessage(connection));
  const char* state = ::PQresultErrorField(answer.get(), PG_DIAG_SQLSTATE);
  return state == nullptr ? "08006" : state;
}

void run(PGconn* connection, const std::string& sql) {
  std::string message;
  if (!try_run(connection, sql, message).empty()) {
    throw EmbeddedError({.object = sql, .problem = message});
  }
}

bool exists(PGconn* connection, const std::string& name) {
  const char* values[] = {name.c_str()};
  const Answer answer(::PQexecParams(connection,
                                     "select from pg_catalog.pg_database where datname = $1", 1,
                                     nullptr, values, nullptr, nullptr, 0));
  return ::PQntuples(answer.get()) == 1;
}

std::string quoted(PGconn* connection, const std::string& name) {
  const std::unique_ptr<char, decltype(&::PQfreemem)> text(
      ::PQescapeIdentifier(connection, name.c_str(), name.size()), &::PQfreemem);
  if (!text)
    throw EmbeddedError(
        {.object = "database name", .problem = trimmed(::PQerrorMessage(connection))});
  return text.get();
}

void create(PGconn* connection, const std::string& name, const std::string& source) {
  using namespace std::chrono_literals;
  // Copying files beats copying through the WAL here, and needs no durability.
  const std::string sql =
      fmt::format("create database {} template {} strategy file_copy", quoted(connection, name),
                  quoted(connection, source.empty() ? "template1" : source));
  const auto deadline = std::chrono::steady_clock::now() + 30s;
  std::string message;
  while (true) {
    const std::string state = try_run(connection, sql, message);
    if (state.empty()) return;
    // 55006 object_in_use: somebody is connected to the source, for a moment at most.
    if (state != "55006" || std::chrono::steady_clock::now() > deadline) {
      throw EmbeddedError({.object = "database " + name, .problem = message});
    }
    std::this_thread::sleep_for(5ms);
  }
}

std::string conninfo_quoted(const std::string& value) {
  std::string text = "'";
  for (const char c : value) {
    if (c == '\'' || c == '\\') text += '\\';
    text += c;
  }
  return text + "'";
}

}  // namespace

std::string with_database(const std::string& url, const std::string& database) {
  char* message = nullptr;
  const std::unique_ptr<PQconninfoOption, decltype(&::PQconninfoFree)> options(
      ::PQconninfoParse(url.c_str(), &message), &::PQconninfoFree);
  const std::unique_ptr<char, decltype(&::PQfreemem)> owned(message, &::PQfreemem);
  if (!options) {
    throw EmbeddedError({.object = "connection string", .problem = trimmed(message)});
  }
  std::string text;
  for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option) {
    if (option->val == nullptr || std::string_view(option->keyword) == "dbname") continue;
    text += fmt::format("{}={} ", option->keyword, conninfo_quoted(option->val));
  }
  return text + "dbname=" + conninfo_quoted(database);
}

void create_database(const std::string& server_url, const std::string& name,
                     const std::string& source) {
  create(open(server_url).get(), name, source);
}

void drop_database(const std::string& server_url, const std::string& name) {
  const Connection connection = open(server_url);
  run(connection.get(),
      "drop database if exists " + quoted(connection.get(), name) + " with (force)");
}

std::string ensure_template(const std::string& server_url, const std::string& key,
                            const std::function<void(const std::string& url)>& build) {
  std::string name = "qm_template_" + key;
  // Advisory locks belong to a database: all callers have to meet in the same one.
  const Connection connection = open(with_database(server_url, "postgres"));
  PGconn* db = connection.get();
  if (exists(db, name)) return name;
  // The lock ends with this session, also when building throws.
  run(db, fmt::format("select pg_catalog.pg_advisory_lock(pg_catalog.hashtextextended('{}', 0))",
                      "quartermaster template"));
  if (exists(db, name)) return name;
  const std::string building = name + "_building";
  run(db, "drop database if exists " + quoted(db, building) + " with (force)");
  create(db, building, {});
  build(with_database(server_url, building));
  run(db, fmt::format("alter database {} with is_template true allow_connections false",
                      quoted(db, building)));
  run(db, fmt::format("alter database {} rename to {}", quoted(db, building), quoted(db, name)));
  return name;
}

}  // namespace qm::embedded

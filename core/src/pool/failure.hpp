// Why an operation failed, as a value: operations do not throw, so that an event loop can drive
// them; the callers' functions turn the value into the error tree. Not for configuration errors.
#pragma once

#include <cstdint>
#include <quartermaster/error.hpp>
#include <string>

struct pg_result;
struct pg_conn;

namespace qm::pool {

struct StatementFailure {
  enum class Kind : std::uint8_t {
    none,
    server,           // the server's ErrorResponse, in `fields`
    connection_lost,  // in `reason`, from libpq
    protocol,         // in `reason`: the server's or the caller's breach of the protocol
  };
  Kind kind = Kind::none;
  bool fatal = false;  // the server ends the connection with this error
  ServerErrorFields fields{};
  std::string reason{};

  explicit operator bool() const noexcept { return kind != Kind::none; }
  bool is_sqlstate(const char* sqlstate) const noexcept {
    return kind == Kind::server && fields.sqlstate == sqlstate;
  }
  // The prepared statement is gone, or its result type has changed since (DDL).
  bool statement_is_stale() const noexcept;
  [[noreturn]] void raise(const std::string& query) const;
};

// Of a result whose status is an error.
StatementFailure failure_of(const pg_result* result, const pg_conn* connection);
// Of a call that failed without a result.
StatementFailure failure_of(const pg_conn* connection);

struct ConnectFailure {
  Report report{};
  std::string sqlstate{};   // empty when no server answered
  bool definitive = false;  // trying again will not help: wrong password, unknown database

  [[noreturn]] void raise() const { throw ConnectError(report, sqlstate); }
};

// A connection that libpq gave up on, as it says itself. The connection must have been made
// verbose, for libpq tells the SQLSTATE in no other way.
ConnectFailure connect_failure(const pg_conn* connection);

// "localhost:5432", "/run/postgresql/.s.PGSQL.5432".
std::string describe_server(const pg_conn* connection);

// libpq's text in one line: lines joined, indentation and the final newline removed.
std::string one_line(std::string_view text);

}  // namespace qm::pool

// See failure.hpp.
#include "pool/failure.hpp"

#include <libpq-fe.h>

#include <charconv>
#include <cstring>
#include <string_view>

namespace qm::pool {
namespace {

std::string field(const PGresult* result, int code) {
  const char* text = PQresultErrorField(result, code);
  return text != nullptr ? text : "";
}

bool is_sqlstate(std::string_view text) {
  if (text.size() != 5) return false;
  for (const char c : text) {
    if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'))) return false;
  }
  return true;
}

// Cuts "FATAL:  28P01: " down to "", giving back the SQLSTATE.
std::string take_sqlstate(std::string& line) {
  const auto colon = line.find(":  ");
  if (colon == std::string::npos || line.size() < colon + 10) return {};
  std::string sqlstate = line.substr(colon + 3, 5);
  if (!is_sqlstate(sqlstate) || line.compare(colon + 8, 2, ": ") != 0) return {};
  line.erase(0, colon + 10);
  return sqlstate;
}

// Whether the same attempt may succeed later: no server yet, starting up, too many clients.
bool is_transient(std::string_view sqlstate) {
  if (sqlstate.empty()) return true;
  const auto state_class = sqlstate.substr(0, 2);
  return state_class == "53" || state_class == "57" || state_class == "08" || state_class == "55" ||
         state_class == "XX";
}

}  // namespace

std::string one_line(std::string_view text) {
  std::string line;
  for (const char c : text) {
    if (c == '\n') {
      while (!line.empty() && line.back() == ' ')
        line.pop_back();
      line += ' ';
    } else if (c != '\t') {
      line += c;
    }
  }
  while (!line.empty() && line.back() == ' ')
    line.pop_back();
  return line;
}

bool StatementFailure::statement_is_stale() const noexcept {
  return is_sqlstate("26000") ||
         (is_sqlstate("0A000") && fields.routine == "RevalidateCachedQuery");
}

void StatementFailure::raise(const std::string& query) const {
  switch (kind) {
    case Kind::server:
      throw_server_error(query, fields);
    case Kind::protocol:
      throw ProtocolError(Report{.object = query, .problem = reason});
    case Kind::connection_lost:
    case Kind::none:
      break;
  }
  throw ConnectionLost(Report{.object = query, .problem = "connection lost: " + reason});
}

StatementFailure failure_of(const PGresult* result, const PGconn* connection) {
  StatementFailure failure;
  failure.fields.sqlstate = field(result, PG_DIAG_SQLSTATE);
  if (failure.fields.sqlstate.empty()) {
    // Made by libpq, not sent by the server.
    failure.kind = PQstatus(connection) == CONNECTION_BAD ? StatementFailure::Kind::connection_lost
                                                          : StatementFailure::Kind::protocol;
    failure.reason = one_line(PQresultErrorMessage(result));
    return failure;
  }
  failure.kind = StatementFailure::Kind::server;
  ServerErrorFields& fields = failure.fields;
  fields.severity = field(result, PG_DIAG_SEVERITY_NONLOCALIZED);
  fields.message = field(result, PG_DIAG_MESSAGE_PRIMARY);
  fields.detail = field(result, PG_DIAG_MESSAGE_DETAIL);
  fields.hint = field(result, PG_DIAG_MESSAGE_HINT);
  fields.schema = field(result, PG_DIAG_SCHEMA_NAME);
  fields.table = field(result, PG_DIAG_TABLE_NAME);
  fields.column = field(result, PG_DIAG_COLUMN_NAME);
  fields.constraint = field(result, PG_DIAG_CONSTRAINT_NAME);
  fields.routine = field(result, PG_DIAG_SOURCE_FUNCTION);
  fields.context = field(result, PG_DIAG_CONTEXT);
  const std::string position = field(result, PG_DIAG_STATEMENT_POSITION);
  std::from_chars(position.data(), position.data() + position.size(), fields.position);
  failure.fatal = fields.severity == "FATAL" || fields.severity == "PANIC";
  return failure;
}

StatementFailure failure_of(const PGconn* connection) {
  StatementFailure failure;
  failure.kind = PQstatus(connection) == CONNECTION_BAD ? StatementFailure::Kind::connection_lost
                                                        : StatementFailure::Kind::protocol;
  failure.reason = one_line(PQerrorMessage(connection));
  return failure;
}

std::string describe_server(const PGconn* connection) {
  const char* host = PQhost(connection);
  const char* port = PQport(connection);
  const std::string name = host != nullptr ? host : "";
  const std::string number = port != nullptr ? port : "";
  if (name.empty()) return "the server";
  if (name.front() == '/' || name.front() == '@') return name + "/.s.PGSQL." + number;
  return (name.find(':') != std::string::npos ? "[" + name + "]" : name) + ":" + number;
}

ConnectFailure connect_failure(const PGconn* connection) {
  ConnectFailure failure;
  failure.report.object = "connection to " + describe_server(connection);
  // One line for each address tried: "connection to server at ... failed: FATAL:  28P01: ...".
  // Lines that do not begin so ("LOCATION:", libpq's question whether the server is running)
  // add nothing.
  std::string_view text = PQerrorMessage(connection);
  const std::string whole = one_line(text);
  std::string reasons;
  while (!text.empty()) {
    const auto end = text.find('\n');
    std::string line(text.substr(0, end));
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    const auto failed = line.find(" failed: ");
    if (failed == std::string::npos || !line.starts_with("connection to server ")) continue;
    line.erase(0, failed + std::strlen(" failed: "));
    const std::string sqlstate = take_sqlstate(line);
    if (!sqlstate.empty()) {
      failure.sqlstate = sqlstate;
      line += " [" + sqlstate + "]";
    }
    // localhost often has two addresses with the same answer.
    if (reasons.find(line) == std::string::npos) reasons += (reasons.empty() ? "" : "; ") + line;
  }
  failure.report.problem = reasons.empty() ? whole : reasons;
  failure.definitive =
      !is_transient(failure.sqlstate) || PQconnectionNeedsPassword(connection) != 0;
  if (failure.definitive && failure.sqlstate.empty()) {
    failure.report.hint = "put the password into the url or into a password file";
  } else if (failure.sqlstate == "53300") {
    failure.report.hint = "lower database.max_conns or raise the server's max_connections";
  }
  return failure;
}

}  // namespace qm::pool

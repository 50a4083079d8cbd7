// See server.hpp.
#include "codegen/server.hpp"

#include <array>
#include <cstdlib>
#include <stdexcept>
#include <utility>

namespace qm::codegen {
namespace {

struct Clear {
  void operator()(PGresult* result) const noexcept { PQclear(result); }
};
using ResultPtr = std::unique_ptr<PGresult, Clear>;

std::string trimmed(const char* text) {
  std::string message = text ? text : "";
  while (!message.empty() && (message.back() == '\n' || message.back() == ' '))
    message.pop_back();
  return message;
}

bool succeeded(const PGresult* result) {
  const ExecStatusType status = PQresultStatus(result);
  return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY;
}

Refusal refusal(PGconn* connection, const PGresult* result, const std::string& sql) {
  Refusal refused;
  refused.message = trimmed(PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY));
  if (refused.message.empty()) refused.message = trimmed(PQerrorMessage(connection));
  refused.sqlstate = trimmed(PQresultErrorField(result, PG_DIAG_SQLSTATE));
  refused.hint = trimmed(PQresultErrorField(result, PG_DIAG_MESSAGE_HINT));
  if (const char* position = PQresultErrorField(result, PG_DIAG_STATEMENT_POSITION)) {
    const std::size_t characters = std::strtoull(position, nullptr, 10);
    if (characters > 0) refused.offset = character_offset(sql, characters - 1);
  }
  return refused;
}

void ignore_notice(void*, const PGresult*) {}

// The message itself may be in any language; the first tree is the statement's.
void keep_tree(void* tree, const PGresult* notice) {
  auto& kept = *static_cast<std::string*>(tree);
  const char* detail = PQresultErrorField(notice, PG_DIAG_MESSAGE_DETAIL);
  if (kept.empty() && detail != nullptr && std::string_view(detail).starts_with("{QUERY")) {
    kept = detail;
  }
}

}  // namespace

Server::Server(const std::string& url, const std::string& database) {
  std::vector<const char*> keys{"dbname"};
  std::vector<const char*> values{url.c_str()};
  const auto add = [&](const char* key, const char* value) {
    keys.push_back(key);
    values.push_back(value);
  };
  // Only the first dbname is taken for a connection string; later keywords override it.
  if (!database.empty()) add("dbname", database.c_str());
  add("client_encoding", "UTF8");
  add("fallback_application_name", "qmgen");
  add(nullptr, nullptr);
  connection_.reset(PQconnectdbParams(keys.data(), values.data(), 1));
  if (PQstatus(connection_.get()) != CONNECTION_OK) {
    throw std::runtime_error("the server to describe on: " +
                             trimmed(PQerrorMessage(connection_.get())));
  }
  PQsetNoticeReceiver(connection_.get(), ignore_notice, nullptr);
}

std::optional<Refusal> Server::run(const std::string& sql) {
  const ResultPtr result(PQexec(connection_.get(), sql.c_str()));
  if (succeeded(result.get())) return std::nullopt;
  return refusal(connection_.get(), result.get(), sql);
}

std::vector<std::vector<std::string>> Server::rows(const std::string& sql,
                                                   const std::vector<std::string>& parameters) {
  std::vector<const char*> values;
  values.reserve(parameters.size());
  for (const std::string& parameter : parameters)
    values.push_back(parameter.c_str());
  const ResultPtr result(PQexecParams(connection_.get(), sql.c_str(),
                                      static_cast<int>(values.size()), nullptr, values.data(),
                                      nullptr, nullptr, 0));
  if (!succeeded(result.get())) {
    throw std::runtime_error("the server to describe on: " +
                             refusal(connection_.get(), result.get(), sql).message);
  }
  std::vector<std::vector<std::string>> rows(static_cast<std::size_t>(PQntuples(result.get())));
  for (std::size_t row = 0; row < rows.size(); ++row) {
    for (int column = 0; column < PQnfields(result.get()); ++column) {
      rows[row].emplace_back(PQgetvalue(result.get(), static_cast<int>(row), column));
    }
  }
  return rows;
}

void Server::show_trees() {
  tree_ = std::make_unique<std::string>();
  PQsetNoticeReceiver(connection_.get(), keep_tree, tree_.get());
  run("set debug_print_parse = on; set debug_pretty_print = off; set client_min_messages = log");
  // Not into the server's own log, where that is ours to say.
  run("set log_min_messages = panic");
}

std::optional<Refusal> Server::describe(const std::string& sql, Shape& shape) {
  if (tree_) tree_->clear();
  const ResultPtr prepared(PQprepare(connection_.get(), "", sql.c_str(), 0, nullptr));
  if (!succeeded(prepared.get())) return refusal(connection_.get(), prepared.get(), sql);
  if (tree_) shape.tree = *tree_;
  const ResultPtr described(PQdescribePrepared(connection_.get(), ""));
  if (!succeeded(described.get())) return refusal(connection_.get(), described.get(), sql);
  for (int i = 0; i < PQnparams(described.get()); ++i) {
    shape.parameters.push_back(PQparamtype(described.get(), i));
  }
  for (int i = 0; i < PQnfields(described.get()); ++i) {
    shape.columns.push_back({PQfname(described.get(), i), PQftype(described.get(), i),
                             PQftable(described.get(), i), PQftablecol(described.get(), i)});
  }
  return std::nullopt;
}

}  // namespace qm::codegen

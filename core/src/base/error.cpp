#include <quartermaster/error.hpp>

#include <string_view>

namespace qm {

std::string Report::text() const {
  std::string text = object;
  const auto add = [&](std::string_view separator, std::string_view part) {
    if (part.empty()) return;
    if (!text.empty()) text += separator;
    text += part;
  };
  add(": ", problem);
  if (!expected.empty()) add(problem.empty() ? ": " : "; ", "expected " + expected);
  if (!found.empty()) add(expected.empty() ? ": " : ", ", "found " + found);
  if (!hint.empty()) text += " (" + hint + ")";
  return text;
}

Error::Error(Report report) : std::runtime_error(report.text()), report_(std::move(report)) {}
Error::~Error() = default;

ConfigError::~ConfigError() = default;
PluginError::~PluginError() = default;
MigrationError::~MigrationError() = default;
EmbeddedError::~EmbeddedError() = default;
PoolError::~PoolError() = default;
PoolClosed::~PoolClosed() = default;
AcquireTimeout::~AcquireTimeout() = default;

ConnectError::ConnectError(Report report, std::string sqlstate)
    : Error(std::move(report)), sqlstate_(std::move(sqlstate)) {}
ConnectError::~ConnectError() = default;

ConnectionLost::~ConnectionLost() = default;
CommitUnknown::~CommitUnknown() = default;
QueryTimeout::~QueryTimeout() = default;
CallCancelled::~CallCancelled() = default;
DecodeError::~DecodeError() = default;
ProtocolError::~ProtocolError() = default;
QueryUnavailable::~QueryUnavailable() = default;
IntegrityError::~IntegrityError() = default;
UniqueViolation::~UniqueViolation() = default;
ForeignKeyViolation::~ForeignKeyViolation() = default;
NotNullViolation::~NotNullViolation() = default;
CheckViolation::~CheckViolation() = default;
TransactionRollback::~TransactionRollback() = default;
SyntaxOrAccessError::~SyntaxOrAccessError() = default;
OperatorIntervention::~OperatorIntervention() = default;
DataException::~DataException() = default;
InsufficientResources::~InsufficientResources() = default;

namespace {

// DETAIL and CONTEXT stay out of the message: they may quote values from rows.
Report server_report(const std::string& query, const ServerErrorFields& fields) {
  return {.object = query,
          .problem = fields.message + " (" + fields.sqlstate + ")",
          .hint = fields.hint};
}

bool in_class(std::string_view sqlstate, std::string_view prefix) {
  return sqlstate.substr(0, prefix.size()) == prefix;
}

}  // namespace

ServerError::ServerError(const std::string& query, ServerErrorFields fields)
    : Error(server_report(query, fields)), fields_(std::move(fields)) {}
ServerError::~ServerError() = default;

bool ServerError::retryable() const noexcept {
  for (const std::string_view prefix : {"40", "53", "08", "55P03", "57P01", "57P02", "57P03"}) {
    if (in_class(fields_.sqlstate, prefix)) return true;
  }
  return false;
}

void throw_server_error(const std::string& query, ServerErrorFields fields) {
  const std::string state = fields.sqlstate;
  if (state == "23505") throw UniqueViolation(query, std::move(fields));
  if (state == "23503") throw ForeignKeyViolation(query, std::move(fields));
  if (state == "23502") throw NotNullViolation(query, std::move(fields));
  if (state == "23514") throw CheckViolation(query, std::move(fields));
  if (in_class(state, "22")) throw DataException(query, std::move(fields));
  if (in_class(state, "53")) throw InsufficientResources(query, std::move(fields));
  if (in_class(state, "23")) throw IntegrityError(query, std::move(fields));
  if (in_class(state, "40")) throw TransactionRollback(query, std::move(fields));
  if (in_class(state, "42")) throw SyntaxOrAccessError(query, std::move(fields));
  if (in_class(state, "57")) throw OperatorIntervention(query, std::move(fields));
  throw ServerError(query, std::move(fields));
}

BindError::BindError(BindFailure failure, Report report)
    : Error(std::move(report)), failure_(failure) {}
BindError::~BindError() = default;

}  // namespace qm

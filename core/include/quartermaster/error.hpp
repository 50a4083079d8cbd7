// The errors of Quartermaster: one tree, so that a caller catches as much or as little as it can
// handle. Not for SQLSTATE tables (sqlstate.hpp) and not for results that are everyday answers
// (a refused plugin, a failed bind: those are values, see expected.hpp).
//
//   Error                       anything below; std::runtime_error
//   ├── ConfigError             a configuration key, file or command argument is wrong
//   ├── PluginError             a plugin or its manifest cannot be used
//   ├── BindError               a typed client does not fit the loaded plugin
//   ├── MigrationError          a migration was refused or failed
//   ├── EmbeddedError           the embedded server cannot be started or stopped
//   ├── PoolError               no connection could be had from the pool
//   │   ├── PoolClosed          ... because it is closing or closed
//   │   └── AcquireTimeout      ... in time, because all connections are in use
//   ├── ConnectError            a connection to the server could not be made
//   ├── ConnectionLost          an established connection broke; outcome of the call unknown
//   │   └── CommitUnknown       ... while COMMIT was on its way: never retried
//   ├── QueryTimeout            the caller's deadline passed; the statement was cancelled
//   ├── CallCancelled           the caller cancelled its asynchronous call
//   ├── DecodeError             a result or parameter does not have the expected type or range
//   ├── ProtocolError           the server broke the protocol
//   └── ServerError             the server refused the statement (carries SQLSTATE and fields)
//       ├── IntegrityError      class 23
//       │   ├── UniqueViolation 23505    ├── ForeignKeyViolation 23503
//       │   ├── NotNullViolation 23502   └── CheckViolation 23514
//       ├── TransactionRollback class 40 (serialization failure, deadlock): retryable
//       ├── SyntaxOrAccessError class 42
//       └── OperatorIntervention class 57 (cancelled, shutdown, terminated)
#pragma once

#include <quartermaster/export.hpp>
#include <stdexcept>
#include <string>

namespace qm {

// What every message of ours says: which object, what was expected, what was found, what to do.
// Empty parts are left out. Text: "<object>: expected <expected>, found <found> (<hint>)";
// `problem` replaces the expected/found pair where there is nothing to compare.
struct Report {
  std::string object{};
  std::string problem{};
  std::string expected{};
  std::string found{};
  std::string hint{};

  QM_API std::string text() const;
  friend bool operator==(const Report&, const Report&) = default;
};

class QM_API Error : public std::runtime_error {
 public:
  explicit Error(Report report);
  ~Error() override;

  const Report& report() const noexcept { return report_; }

 private:
  Report report_;
};

// Declares a leaf of the tree that adds nothing but its type. The destructor is out of line so that
// there is one type_info for catching across shared libraries.
#define QM_DECLARE_ERROR(Name, Base) \
  class QM_API Name : public Base {  \
   public:                           \
    using Base::Base;                \
    ~Name() override;                \
  }

QM_DECLARE_ERROR(ConfigError, Error);
QM_DECLARE_ERROR(PluginError, Error);
QM_DECLARE_ERROR(MigrationError, Error);
QM_DECLARE_ERROR(EmbeddedError, Error);
QM_DECLARE_ERROR(PoolError, Error);
QM_DECLARE_ERROR(PoolClosed, PoolError);
QM_DECLARE_ERROR(AcquireTimeout, PoolError);
QM_DECLARE_ERROR(ConnectionLost, Error);
QM_DECLARE_ERROR(CommitUnknown, ConnectionLost);
QM_DECLARE_ERROR(QueryTimeout, Error);
QM_DECLARE_ERROR(CallCancelled, Error);
QM_DECLARE_ERROR(DecodeError, Error);
QM_DECLARE_ERROR(ProtocolError, Error);
QM_DECLARE_ERROR(QueryUnavailable, Error);

// `sqlstate` is what the server refused with (28P01, 53300, ...), empty when none was reached.
class QM_API ConnectError : public Error {
 public:
  explicit ConnectError(Report report, std::string sqlstate = {});
  ~ConnectError() override;

  const std::string& sqlstate() const noexcept { return sqlstate_; }

 private:
  std::string sqlstate_;
};

// The fields of an ErrorResponse (PostgreSQL protocol, "Error and Notice Message Fields"). Absent
// fields are empty. `detail` and `context` may hold values from rows: do not log them unredacted.
struct ServerErrorFields {
  std::string sqlstate{};
  std::string severity{};
  std::string message{};
  std::string detail{};
  std::string hint{};
  std::string schema{};
  std::string table{};
  std::string column{};
  std::string constraint{};
  std::string routine{};
  std::string context{};
  int position = 0;  // 1-based character in the statement, 0 = unknown
};

class QM_API ServerError : public Error {
 public:
  // `query` names the statement in the message: a registered query's name or "statement".
  ServerError(const std::string& query, ServerErrorFields fields);
  ~ServerError() override;

  const ServerErrorFields& fields() const noexcept { return fields_; }
  const std::string& sqlstate() const noexcept { return fields_.sqlstate; }
  // True when running the whole transaction again may succeed: class 40, 55P03, 57P01-57P03,
  // 53xxx, 08xxx.
  bool retryable() const noexcept;

 private:
  ServerErrorFields fields_;
};

QM_DECLARE_ERROR(IntegrityError, ServerError);
QM_DECLARE_ERROR(UniqueViolation, IntegrityError);
QM_DECLARE_ERROR(ForeignKeyViolation, IntegrityError);
QM_DECLARE_ERROR(NotNullViolation, IntegrityError);
QM_DECLARE_ERROR(CheckViolation, IntegrityError);
QM_DECLARE_ERROR(TransactionRollback, ServerError);
QM_DECLARE_ERROR(SyntaxOrAccessError, ServerError);
QM_DECLARE_ERROR(DataException, ServerError);          // class 22: division by zero, bad text, ...
QM_DECLARE_ERROR(InsufficientResources, ServerError);  // class 53: disk full, too many connections
QM_DECLARE_ERROR(OperatorIntervention, ServerError);

#undef QM_DECLARE_ERROR

// Throws the leaf of ServerError that fits the SQLSTATE.
[[noreturn]] QM_API void throw_server_error(const std::string& query, ServerErrorFields fields);

// Why a typed client could not be bound to a host.
enum class BindFailure {
  plugin_absent,       // no plugin of that id was found
  plugin_rejected,     // it was found and refused; the reason is in the message
  query_missing,       // the plugin does not have a query of that name
  signature_mismatch,  // it has one with other parameters or columns
  schema_behind,       // the database is at a lower version than the query needs
  query_unavailable,   // another plugin that the query reads from is absent, or behind
};

class QM_API BindError : public Error {
 public:
  BindError(BindFailure failure, Report report);
  ~BindError() override;

  BindFailure failure() const noexcept { return failure_; }

 private:
  BindFailure failure_;
};

}  // namespace qm

// A transaction, or a savepoint inside one: rolled back on destruction unless committed. Not
// thread-safe; lives no longer than its connection.
#pragma once

#include <memory>
#include <quartermaster/connection.hpp>
#include <quartermaster/executor.hpp>

namespace qm {

enum class Isolation : std::uint8_t {
  server_default,
  read_committed,
  repeatable_read,
  serializable
};

struct TransactionOptions {
  Isolation isolation = Isolation::server_default;
  bool read_only = false;
  bool deferrable = false;  // with serializable and read_only only
};

class QM_API Transaction final : public Executor {
 public:
  // Throws as Connection::execute does, and Error when the connection is in a transaction already.
  explicit Transaction(Connection& connection, const TransactionOptions& options = {});
  // A savepoint; the outer transaction must not be used until it has ended.
  explicit Transaction(Transaction& outer);
  ~Transaction() override;  // rolls back when still open; a failure there breaks the connection
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  Result execute(const RegisteredQuery& query, const ParamView& params,
                 const CallOptions& options = {}) override;
  Result execute(std::string_view sql, const ParamView& params = {},
                 const CallOptions& options = {}, std::string_view name = "ad-hoc") override;
  std::vector<Result> execute_batch(const RegisteredQuery& query, ParamRows& rows,
                                    const CallOptions& options = {}) override;
  std::int64_t stream(const RegisteredQuery& query, const ParamView& params, RowSink& sink,
                      const CallOptions& options = {}) override;
  std::int64_t copy_from(const RegisteredQuery& query, ParamRows& rows,
                         const CallOptions& options = {}) override;

  // Throws CommitUnknown when the connection broke before the answer, TransactionRollback and the
  // like when the server refused, ServerError 25P02 when an earlier statement had failed; the
  // transaction is over either way.
  void commit(const CallOptions& options = {});
  void rollback(const CallOptions& options = {});

  bool is_open() const noexcept { return open_; }
  Connection& connection() const noexcept { return *connection_; }

 private:
  Connection* connection_;
  int depth_ = 0;  // 0 = transaction, n = savepoint qm_<n>
  bool open_ = true;
};

}  // namespace qm

// A query whose rows are fetched in pieces, when they are wanted, while other statements run on the
// same connection in between. For all rows in one go, a stream is faster. Generated clients give
// each :many query a RowCursor (client.hpp), which reads the rows.
#pragma once

#include <cstdint>
#include <quartermaster/transaction.hpp>
#include <string>
#include <string_view>

namespace qm {

// A cursor of a transaction. Not thread-safe; must not outlive the transaction, with which it ends.
class QM_API Cursor {
 public:
  // Declares it. Throws as Transaction::execute() does.
  Cursor(Transaction& transaction, const RegisteredQuery& query, const ParamView& params,
         const CallOptions& options = {});
  // For a select or values statement; `name` is its label in logs, metrics and errors.
  Cursor(Transaction& transaction, std::string_view sql, const ParamView& params = {},
         const CallOptions& options = {}, std::string_view name = "cursor");
  ~Cursor();  // close(), whose errors are dropped
  Cursor(const Cursor&) = delete;
  Cursor& operator=(const Cursor&) = delete;

  // The next rows, `count` at most, 1 or more; fewer at the end, and none after it. Throws Error
  // when it is closed.
  Result fetch(std::int64_t count, const CallOptions& options = {});
  // Passes over the next rows; gives back how many there were.
  std::int64_t skip(std::int64_t count, const CallOptions& options = {});
  void close(const CallOptions& options = {});

 private:
  void declare(std::string_view sql, const ParamView& params, const CallOptions& options);
  Result move_on(const char* what, std::int64_t count, const CallOptions& options);

  Transaction& transaction_;
  const std::string label_;
  const std::string name_;  // on the server
  const bool text_results_;
  bool is_open_ = false;
};

}  // namespace qm

// One registered query with many rows of parameters, in one pipeline: prepared first where it is
// not, then executed row by row without waiting for answers, with one Sync behind them all, so that
// the rows stand or fall together. Answers are read while rows are sent: two ends that only write
// would block each other. Not for different queries in one pipeline.
#pragma once

#include <optional>
#include <quartermaster/query.hpp>
#include <string>
#include <vector>

#include "pool/query_operation.hpp"

namespace qm::pool {

class BatchOperation final : public CallOperation {
 public:
  // All three must outlive it. The rows can be encoded: the caller has tried.
  BatchOperation(detail::Session& session, const RegisteredQuery& query, ParamRows& rows);

  Wait resume() override;
  int fd() const noexcept override { return session_.fd(); }
  void abandon() noexcept override;
  const StatementFailure& failure() const noexcept override { return failure_; }
  bool executed() const noexcept override { return stage_ != Stage::preparing; }
  Deadline prepared_at() const noexcept override { return prepared_at_; }
  std::string label(std::string_view name) const override;

  // After Wait::done without a failure: one for each row.
  std::vector<Result> take_result() noexcept { return std::move(results_); }

 private:
  enum class Stage : std::uint8_t { preparing, sending, reading, done };

  void prepare();
  std::optional<Wait> prepared();
  std::optional<Wait> send();
  std::optional<Wait> read();
  bool send_row();
  bool take_answers();
  void keep(pg_result* result);
  Wait finish();
  Wait lost();

  detail::Session& session_;
  const RegisteredQuery& query_;
  ParamRows& rows_;
  std::optional<QueryOperation> preparation_;
  std::string name_;  // empty: unnamed
  std::vector<Oid> types_;
  std::vector<Result> results_;
  StatementFailure failure_;
  Deadline prepared_at_{};
  Stage stage_ = Stage::preparing;
  std::size_t sent_ = 0;
  std::size_t answered_ = 0;
  bool sync_sent_ = false;
  bool synced_ = false;
  bool abandoned_ = false;
  int retries_left_;
};

}  // namespace qm::pool

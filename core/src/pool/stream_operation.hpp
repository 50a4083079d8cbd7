// A query whose rows, or a COPY whose data, are handed over as they arrive. Done for the first time
// when all are taken or the sink wants no more; resumed after that, it reads and drops the rest.
#pragma once

#include "pool/query_operation.hpp"

namespace qm::pool {

class StreamOperation final : public CallOperation {
 public:
  StreamOperation(detail::Session& session, const RegisteredQuery& query, const ParamView& params,
                  RowSink& sink)
      : in_transaction_(session.transaction_status() != Connection::TransactionStatus::idle),
        query_(session, query, params, sink) {}

  // session.sql holds a COPY to stdout.
  StreamOperation(detail::Session& session, const StatementOperation::CopySink& sink)
      : in_transaction_(session.transaction_status() != Connection::TransactionStatus::idle),
        is_copy_(true),
        query_(session, sink) {}

  Wait resume() override {
    const Wait wanted = query_.resume();
    was_left_ = was_left_ || is_paused();
    return wanted;
  }
  int fd() const noexcept override { return query_.fd(); }
  void abandon() noexcept override { query_.abandon(); }

  // After Wait::done.
  bool is_paused() const noexcept { return query_.statement().is_paused(); }
  // Before its last row, which is what the sink wanted: a failure to end it is none of the call's.
  bool was_left() const noexcept { return was_left_; }
  // Begun inside a transaction, which a cancellation would fail.
  bool in_transaction() const noexcept { return in_transaction_; }
  const std::exception_ptr& sink_failure() const noexcept {
    return query_.statement().sink_failure();
  }
  // The number of rows.
  std::int64_t take_result() noexcept {
    return is_copy_ ? query_.take_result().affected_rows() : query_.statement().rows_taken();
  }
  const StatementFailure& failure() const noexcept override { return query_.failure(); }
  bool executed() const noexcept override { return query_.executed(); }
  Deadline prepared_at() const noexcept override { return query_.prepared_at(); }

 private:
  const bool in_transaction_;
  const bool is_copy_ = false;
  bool was_left_ = false;
  QueryOperation query_;
};

}  // namespace qm::pool

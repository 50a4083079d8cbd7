// One call as the caller sees it, made of as many requests as it takes: a registered query is
// prepared on first use, statements that fell out of the cache are closed on the way, and a
// statement that the server has lost or that DDL has changed is prepared again. Not for deadlines:
// whoever drives it decides when to give up, and then drains (DrainOperation).
#pragma once

#include <quartermaster/query.hpp>
#include <span>

#include "pool/call_operation.hpp"
#include "pool/session.hpp"
#include "pool/statement_operation.hpp"

namespace qm::pool {

class QueryOperation final : public CallOperation {
 public:
  QueryOperation(detail::Session& session, const RegisteredQuery& query, const ParamView& params);
  // The rows go to the sink.
  QueryOperation(detail::Session& session, const RegisteredQuery& query, const ParamView& params,
                 RowSink& sink);
  // session.sql holds the statement.
  QueryOperation(detail::Session& session, const ParamView& params);
  // session.sql holds a COPY to stdout, whose data goes to the sink.
  QueryOperation(detail::Session& session, const StatementOperation::CopySink& sink);
  // session.sql holds the statements.
  explicit QueryOperation(detail::Session& session);
  // Prepares session.sql as the unnamed statement and describes it.
  QueryOperation(detail::Session& session, std::span<const Oid> parameter_types);

  // Prepares the query where it is not, and ends there. The capacity of the cache is not 0.
  struct PrepareOnly {};
  QueryOperation(detail::Session& session, const RegisteredQuery& query, PrepareOnly only);

  Wait resume() override;
  int fd() const noexcept override { return statement_.fd(); }
  void abandon() noexcept override { abandoned_ = true; }

  // After Wait::done.
  Result take_result() noexcept { return statement_.take_result(); }
  const StatementOperation& statement() const noexcept { return statement_; }
  const StatementFailure& failure() const noexcept override { return statement_.failure(); }
  bool executed() const noexcept override { return stage_ == Stage::executing; }
  Deadline prepared_at() const noexcept override { return prepared_at_; }

 private:
  enum class Stage : std::uint8_t { closing, preparing, parsing, executing };

  void start_registered();
  void start_unnamed();
  void start_prepare();
  void start_execute(const char* name);
  bool next();

  detail::Session& session_;
  StatementOperation statement_;
  const RegisteredQuery* query_ = nullptr;
  const ParamView* params_ = nullptr;
  RowSink* sink_ = nullptr;
  std::string new_name_;
  Deadline prepared_at_{};
  Stage stage_ = Stage::executing;
  int retries_left_ = 0;
  bool abandoned_ = false;
  bool prepare_only_ = false;
};

}  // namespace qm::pool

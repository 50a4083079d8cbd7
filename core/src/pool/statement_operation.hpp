// One request on a connection and all of its results: send, flush, read until libpq says that it
// is over. The smallest operation on an open connection; larger ones are made of it. Not for
// pipelines and COPY data.
#pragma once

#include <quartermaster/params.hpp>
#include <quartermaster/result.hpp>
#include <span>
#include <string>

#include "pool/failure.hpp"
#include "pool/wait.hpp"

namespace qm::pool {

class StatementOperation {
 public:
  explicit StatementOperation(pg_conn* connection) noexcept : connection_(connection) {}

  // Each begins a request; one at a time. A failure to send shows in resume().
  void prepare(const char* name, const char* sql, std::span<const Oid> types);
  void describe_prepared(const char* name);
  // Results in binary format, or as text.
  void execute_prepared(const char* name, const ParamView& params, bool text_results);
  void execute(const char* sql, const ParamView& params, std::span<const Oid> types,
               bool text_results);
  void script(const char* sql);

  Wait resume();
  int fd() const noexcept;

  // After Wait::done: the last result, or the first error. A failure with `connection_broken()`
  // leaves no usable connection.
  Result take_result() noexcept { return std::move(result_); }
  const StatementFailure& failure() const noexcept { return failure_; }
  bool connection_broken() const noexcept { return broken_; }

 private:
  enum class Stage : std::uint8_t { flushing, reading, done };

  void begin(int sent);
  Wait flush();
  Wait read();
  bool keep(pg_result* result);
  bool refuse_copy_in();
  bool discard_copy_out();
  void fail(StatementFailure failure);
  Wait lost();

  pg_conn* connection_;
  Stage stage_ = Stage::done;
  bool broken_ = false;
  bool consumed_ = false;
  bool in_copy_out_ = false;
  Result result_;
  StatementFailure failure_;
};

}  // namespace qm::pool

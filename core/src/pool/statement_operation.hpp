// One request on a connection and all of its results: send, flush, read until libpq says that it
// is over. The smallest operation on an open connection; larger ones are made of it. Not for
// pipelines and COPY data.
#pragma once

#include <exception>
#include <functional>
#include <quartermaster/executor.hpp>
#include <quartermaster/params.hpp>
#include <quartermaster/result.hpp>
#include <span>
#include <string>

#include "pool/failure.hpp"
#include "pool/session_counts.hpp"
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

  // The rows of what is begun next go to the sink instead of the result.
  void stream_to(RowSink& sink) noexcept { sink_ = &sink; }
  // So does the data of a COPY to stdout.
  using CopySink = std::function<bool(std::string_view data)>;
  void copy_to(const CopySink& sink) noexcept { copy_sink_ = &sink; }

  Wait resume();
  int fd() const noexcept;

  // Wait::done before the end: the sink wants no more. Resumed again, the rest is read and dropped.
  bool is_paused() const noexcept { return stage_ == Stage::paused; }
  std::int64_t rows_taken() const noexcept { return rows_taken_; }
  // What the sink threw; null when nothing.
  const std::exception_ptr& sink_failure() const noexcept { return sink_failure_; }

  // After Wait::done: the last result, or the first error. A failure with `connection_broken()`
  // leaves no usable connection.
  Result take_result() noexcept { return std::move(result_); }
  const StatementFailure& failure() const noexcept { return failure_; }
  bool connection_broken() const noexcept { return broken_; }
  // Adds the bytes since the last call.
  void count_into(SessionCounts& counts) noexcept;

 private:
  enum class Stage : std::uint8_t { flushing, reading, paused, done };

  void begin(int sent);
  Wait flush();
  Wait read();
  bool keep(pg_result* result);
  template <class Take>
  bool hand_over(const Take& take);
  bool refuse_copy_in();
  bool read_copy_out();
  void fail(StatementFailure failure);
  Wait lost();

  pg_conn* connection_;
  Stage stage_ = Stage::done;
  bool broken_ = false;
  bool consumed_ = false;
  bool in_copy_out_ = false;
  Result result_;
  StatementFailure failure_;
  RowSink* sink_ = nullptr;
  const CopySink* copy_sink_ = nullptr;
  std::int64_t rows_taken_ = 0;
  std::uint64_t sent_bytes_ = 0;
  std::uint64_t received_bytes_ = 0;
  std::exception_ptr sink_failure_;
};

}  // namespace qm::pool

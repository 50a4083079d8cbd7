// See statement_operation.hpp.
#include "pool/statement_operation.hpp"

#include <libpq-fe.h>

#include <utility>

namespace qm::pool {
namespace {

constexpr int format(bool text_results) {
  return text_results ? 0 : 1;
}

int size_of(std::span<const Oid> types) {
  return static_cast<int>(types.size());
}

}  // namespace

void StatementOperation::prepare(const char* name, const char* sql, std::span<const Oid> types) {
  begin(PQsendPrepare(connection_, name, sql, size_of(types), types.data()));
}

void StatementOperation::describe_prepared(const char* name) {
  begin(PQsendDescribePrepared(connection_, name));
}

void StatementOperation::execute_prepared(const char* name, const ParamView& params,
                                          bool text_results) {
  sent_bytes_ += bytes_of(params);
  begin(PQsendQueryPrepared(connection_, name, static_cast<int>(params.size()),
                            params.values.data(), params.lengths.data(), params.formats.data(),
                            format(text_results)));
}

void StatementOperation::execute(const char* sql, const ParamView& params,
                                 std::span<const Oid> types, bool text_results) {
  sent_bytes_ += bytes_of(params);
  // Fewer types than parameters would be read beyond their end.
  const Oid* declared = types.size() == params.size() ? types.data() : nullptr;
  begin(PQsendQueryParams(connection_, sql, static_cast<int>(params.size()), declared,
                          params.values.data(), params.lengths.data(), params.formats.data(),
                          format(text_results)));
}

void StatementOperation::script(const char* sql) {
  begin(PQsendQuery(connection_, sql));
}

void StatementOperation::count_into(SessionCounts& counts) noexcept {
  counts.sent_bytes += std::exchange(sent_bytes_, 0);
  counts.received_bytes += std::exchange(received_bytes_, 0);
}

int StatementOperation::fd() const noexcept {
  return PQsocket(connection_);
}

void StatementOperation::begin(int sent) {
  result_ = {};
  failure_ = {};
  in_copy_out_ = false;
  consumed_ = false;
  stage_ = Stage::flushing;
  if (sent != 0) {
    if (sink_ != nullptr) PQsetSingleRowMode(connection_);
    return;
  }
  // Nothing was sent: the connection is closed, or the arguments are beyond the protocol's limits.
  fail(failure_of(connection_));
  broken_ = PQstatus(connection_) == CONNECTION_BAD;
  stage_ = Stage::done;
}

Wait StatementOperation::resume() {
  if (stage_ == Stage::flushing) {
    const Wait wanted = flush();
    if (stage_ == Stage::flushing) return wanted;
    // The answer cannot be here yet: wait for it rather than ask for it in vain.
    if (stage_ == Stage::reading && !consumed_) return Wait::read;
  }
  if (stage_ == Stage::paused) stage_ = Stage::reading;
  return stage_ == Stage::reading ? read() : Wait::done;
}

Wait StatementOperation::flush() {
  switch (PQflush(connection_)) {
    case 0:
      stage_ = Stage::reading;
      return Wait::read;
    case 1:
      // The server may have stopped reading until it gets rid of what it has written.
      if (PQconsumeInput(connection_) == 0) return lost();
      consumed_ = true;
      return Wait::read_or_write;
    default:
      return lost();
  }
}

Wait StatementOperation::read() {
  if (PQconsumeInput(connection_) == 0) return lost();
  for (;;) {
    if (in_copy_out_ && !read_copy_out()) return stage_ == Stage::paused ? Wait::done : Wait::read;
    if (PQisBusy(connection_) != 0) return Wait::read;
    PGresult* result = PQgetResult(connection_);
    if (result == nullptr) break;
    if (!keep(result)) return Wait::done;
    if (stage_ == Stage::flushing) return Wait::read_or_write;
  }
  stage_ = Stage::done;
  return Wait::done;
}

// The connection is gone, but what the server said before it closed (57P01 and the like) may still
// be in libpq's buffer.
Wait StatementOperation::lost() {
  broken_ = true;
  stage_ = Stage::done;
  while (PQstatus(connection_) == CONNECTION_BAD || PQisBusy(connection_) == 0) {
    PGresult* result = PQgetResult(connection_);
    if (result == nullptr) break;
    const auto status = PQresultStatus(result);
    if (status == PGRES_COPY_IN || status == PGRES_COPY_OUT || status == PGRES_COPY_BOTH) {
      PQclear(result);
      break;
    }
    if (!keep(result)) break;
  }
  if (!failure_) {
    fail({.kind = StatementFailure::Kind::connection_lost,
          .reason = one_line(PQerrorMessage(connection_))});
  }
  return Wait::done;
}

// False when there is nothing more to come.
bool StatementOperation::keep(PGresult* result) {
  Result owned(result);
  received_bytes_ += PQresultMemorySize(result);
  switch (PQresultStatus(result)) {
    case PGRES_FATAL_ERROR: {
      StatementFailure failure = failure_of(result, connection_);
      // After FATAL the server closes; waiting for that would leave the time to it.
      const bool over = failure.fatal || failure.kind != StatementFailure::Kind::server;
      fail(std::move(failure));
      if (!over) return true;
      broken_ = true;
      stage_ = Stage::done;
      return false;
    }
    case PGRES_SINGLE_TUPLE:
      if (sink_ == nullptr) return true;
      ++rows_taken_;
      return hand_over([&] { return sink_->take(owned); });
    case PGRES_COPY_IN:
      return refuse_copy_in();
    case PGRES_COPY_OUT:
      in_copy_out_ = true;
      if (copy_sink_ != nullptr) return true;
      fail({.kind = StatementFailure::Kind::protocol,
            .reason = "copy to stdout gives no rows to a plain statement"});
      return true;
    case PGRES_COPY_BOTH:
    case PGRES_BAD_RESPONSE:
      fail({.kind = StatementFailure::Kind::protocol,
            .reason = std::string("unexpected answer ") + PQresStatus(PQresultStatus(result))});
      broken_ = true;
      stage_ = Stage::done;
      return false;
    default:
      result_ = std::move(owned);
      return true;
  }
}

// False when the sink has just said that it wants no more.
template <class Take>
bool StatementOperation::hand_over(const Take& take) {
  bool more = false;
  try {
    more = take();
  } catch (...) {
    sink_failure_ = std::current_exception();
  }
  if (more) return true;
  sink_ = nullptr;
  copy_sink_ = nullptr;
  stage_ = Stage::paused;
  return false;
}

// A plain statement has no data to copy: the server is told so and answers with an error.
bool StatementOperation::refuse_copy_in() {
  if (PQputCopyEnd(connection_, "a plain statement has no data for copy from stdin") == 1) {
    stage_ = Stage::flushing;
    consumed_ = true;
    return true;
  }
  fail(failure_of(connection_));
  broken_ = true;
  stage_ = Stage::done;
  return false;
}

// True when all of it has been read; what nobody takes is dropped.
bool StatementOperation::read_copy_out() {
  for (;;) {
    char* data = nullptr;
    const int size = PQgetCopyData(connection_, &data, 1);
    const std::unique_ptr<char, decltype(&PQfreemem)> owned(data, &PQfreemem);
    if (size == 0) return false;
    if (size < 0) {
      in_copy_out_ = false;
      return true;
    }
    if (copy_sink_ == nullptr) continue;
    const std::string_view text(data, static_cast<std::size_t>(size));
    received_bytes_ += text.size();
    if (!hand_over([&] { return (*copy_sink_)(text); })) return false;
  }
}

// The first error is the cause, later ones follow from it.
void StatementOperation::fail(StatementFailure failure) {
  if (!failure_) failure_ = std::move(failure);
}

}  // namespace qm::pool

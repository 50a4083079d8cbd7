// See batch_operation.hpp.
#include "pool/batch_operation.hpp"

#include <fmt/format.h>
#include <libpq-fe.h>

namespace qm::pool {
namespace {

// Rows between two looks at the socket; libpq sends by itself when its buffer is full.
constexpr std::size_t rows_a_turn = 64;

}  // namespace

BatchOperation::BatchOperation(detail::Session& session, const RegisteredQuery& query,
                               ParamRows& rows)
    : session_(session),
      query_(query),
      rows_(rows),
      // Inside a transaction the error has already ended it: there is nothing to retry in.
      retries_left_(session.transaction_status() == Connection::TransactionStatus::idle ? 1 : 0) {
  for (const QueryValue& parameter : query.parameters)
    types_.push_back(parameter.type_oid);
  prepare();
}

void BatchOperation::prepare() {
  stage_ = Stage::preparing;
  preparation_.reset();
  if (session_.statements.capacity() != 0)
    preparation_.emplace(session_, query_, QueryOperation::PrepareOnly{});
}

void BatchOperation::abandon() noexcept {
  abandoned_ = true;
  if (preparation_) preparation_->abandon();
}

std::string BatchOperation::label(std::string_view name) const {
  if (failure_.kind != StatementFailure::Kind::server || stage_ == Stage::preparing)
    return std::string(name);
  return fmt::format("{} (call {} of {})", name, results_.size() + 1, rows_.size());
}

Wait BatchOperation::resume() {
  while (stage_ != Stage::done) {
    const auto wanted = stage_ == Stage::preparing ? prepared()
                        : stage_ == Stage::sending ? send()
                                                   : read();
    if (wanted) return *wanted;
  }
  return Wait::done;
}

// Each step: what to wait for, or nothing when the next stage is reached.
std::optional<Wait> BatchOperation::prepared() {
  if (preparation_) {
    const Wait wanted = preparation_->resume();
    if (wanted != Wait::done) return wanted;
    failure_ = preparation_->failure();
    if (preparation_->prepared_at() != Deadline{}) prepared_at_ = preparation_->prepared_at();
    if (failure_ || abandoned_ || session_.broken) return finish();
    name_ = session_.statements.find(query_);
  }
  if (PQenterPipelineMode(session_.connection.get()) == 0) return lost();
  stage_ = Stage::sending;
  return std::nullopt;
}

bool BatchOperation::send_row() {
  PGconn* const connection = session_.connection.get();
  const ParamView params = rows_.at(sent_++);
  session_.counts.sent_bytes += bytes_of(params);
  const int format = query_.text_results ? 0 : 1;
  const int count = static_cast<int>(params.size());
  if (!name_.empty()) {
    return PQsendQueryPrepared(connection, name_.c_str(), count, params.values.data(),
                               params.lengths.data(), params.formats.data(), format) != 0;
  }
  return PQsendQueryParams(connection, query_.sql.c_str(), count, types_.data(),
                           params.values.data(), params.lengths.data(), params.formats.data(),
                           format) != 0;
}

std::optional<Wait> BatchOperation::send() {
  PGconn* const connection = session_.connection.get();
  if (!take_answers()) return lost();
  while (sent_ < rows_.size()) {
    if (abandoned_) {
      // A Sync would commit what was sent so far: without one, closing undoes it.
      failure_ = {.kind = StatementFailure::Kind::connection_lost, .reason = "given up on the way"};
      return finish();
    }
    if (!send_row()) return lost();
    if (sent_ % rows_a_turn != 0) continue;
    const int left = PQflush(connection);
    if (left < 0) return lost();
    if (left > 0) return Wait::read_or_write;
  }
  if (!sync_sent_ && PQpipelineSync(connection) == 0) return lost();
  sync_sent_ = true;
  const int left = PQflush(connection);
  if (left < 0) return lost();
  if (left > 0) return Wait::read_or_write;
  stage_ = Stage::reading;
  return std::nullopt;
}

std::optional<Wait> BatchOperation::read() {
  if (!take_answers()) return lost();
  if (!synced_) return Wait::read;
  return finish();
}

// False when the connection is gone.
bool BatchOperation::take_answers() {
  PGconn* const connection = session_.connection.get();
  if (PQconsumeInput(connection) == 0) return false;
  int ends = 0;  // of one answer and of the next: two in a row mean that there is no more
  while ((answered_ < sent_ || (sync_sent_ && !synced_)) && PQisBusy(connection) == 0 && ends < 2) {
    PGresult* result = PQgetResult(connection);
    if (result == nullptr) {
      ++ends;
      continue;
    }
    ends = 0;
    keep(result);
    if (PQstatus(connection) == CONNECTION_BAD) return false;
  }
  return true;
}

void BatchOperation::keep(pg_result* result) {
  Result owned(result);
  session_.counts.received_bytes += PQresultMemorySize(result);
  switch (PQresultStatus(result)) {
    case PGRES_PIPELINE_SYNC:
      synced_ = true;
      return;
    case PGRES_PIPELINE_ABORTED:
      break;
    case PGRES_FATAL_ERROR:
      if (!failure_) failure_ = failure_of(result, session_.connection.get());
      break;
    default:
      if (!failure_) results_.push_back(std::move(owned));
      break;
  }
  ++answered_;
}

Wait BatchOperation::finish() {
  PGconn* const connection = session_.connection.get();
  if (PQpipelineStatus(connection) != PQ_PIPELINE_OFF && PQexitPipelineMode(connection) == 0)
    session_.broken = true;
  if (failure_.fatal || failure_.kind == StatementFailure::Kind::connection_lost)
    session_.broken = true;
  if (failure_.statement_is_stale() && stage_ != Stage::preparing && !name_.empty()) {
    session_.statements.drop(query_, !failure_.is_sqlstate("26000"));
    if (!session_.broken && !abandoned_ && retries_left_-- > 0) {
      failure_ = {};
      results_.clear();
      sent_ = answered_ = 0;
      sync_sent_ = synced_ = false;
      prepare();
      return resume();
    }
  }
  if (stage_ != Stage::preparing) stage_ = Stage::done;
  return Wait::done;
}

Wait BatchOperation::lost() {
  if (!failure_) failure_ = failure_of(session_.connection.get());
  session_.broken = true;
  return finish();
}

}  // namespace qm::pool

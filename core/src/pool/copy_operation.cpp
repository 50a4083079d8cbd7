// See copy_operation.hpp. The format is in PostgreSQL's manual under COPY, binary format.
#include "pool/copy_operation.hpp"

#include <libpq-fe.h>

#include <quartermaster/wire.hpp>
#include <utility>

namespace qm::pool {
namespace {

// Enough for one write to fill the socket's buffer, little enough to stay in the cache.
constexpr std::size_t buffer_size = 64UL * 1024;

template <class T>
void append(std::string& buffer, T value) {
  const T big = wire::swap_to_big(value);
  buffer.append(reinterpret_cast<const char*>(&big), sizeof(big));
}

void append_row(std::string& buffer, const ParamView& row) {
  append(buffer, static_cast<std::int16_t>(row.size()));
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (row.values[i] == nullptr) {
      append(buffer, std::int32_t{-1});
      continue;
    }
    // What goes as text (enumerations, strings) is the same in binary format.
    append(buffer, static_cast<std::int32_t>(row.lengths[i]));
    buffer.append(row.values[i], static_cast<std::size_t>(row.lengths[i]));
  }
}

}  // namespace

bool RowSource::add(std::string& buffer) {
  if (!std::exchange(has_begun_, true)) {
    // Signature, flags, size of the header's extension.
    buffer.append("PGCOPY\n\377\r\n\0", 11);
    append(buffer, std::int32_t{0});
    append(buffer, std::int32_t{0});
  }
  if (next_ < rows_.size()) {
    append_row(buffer, rows_.at(next_++));
    return true;
  }
  append(buffer, std::int16_t{-1});
  return false;
}

bool DataSource::add(std::string& buffer) {
  const std::string_view data = next_();
  buffer += data;
  return !data.empty();
}

CopyOperation::CopyOperation(detail::Session& session, const RegisteredQuery& query,
                             ParamRows& rows)
    : session_(session), owned_(RowSource(rows)), source_(std::get<RowSource>(owned_)) {
  if (PQsendQuery(session.connection.get(), query.sql.c_str()) == 0) lost();
}

CopyOperation::CopyOperation(detail::Session& session,
                             const std::function<std::string_view()>& next)
    : session_(session), owned_(DataSource(next)), source_(std::get<DataSource>(owned_)) {
  if (PQsendQuery(session.connection.get(), session.sql.c_str()) == 0) lost();
}

Wait CopyOperation::resume() {
  switch (stage_) {
    case Stage::starting:
    case Stage::ending:
      return receive();
    case Stage::sending:
      return send();
    case Stage::done:
      break;
  }
  return Wait::done;
}

// False when the source failed.
bool CopyOperation::fill() {
  try {
    while (buffer_.size() < buffer_size && !is_all_)
      is_all_ = !source_.add(buffer_);
  } catch (...) {
    source_failure_ = std::current_exception();
    return false;
  }
  return true;
}

Wait CopyOperation::send() {
  PGconn* const connection = session_.connection.get();
  for (;;) {
    if (abandoned_) return end("given up by the client");
    if (!fill()) return end("the client cannot give all of it");
    if (buffer_.empty()) return end(nullptr);
    const int taken = PQputCopyData(connection, buffer_.data(), static_cast<int>(buffer_.size()));
    if (taken < 0) return lost();
    if (taken > 0) {
      session_.counts.sent_bytes += buffer_.size();
      buffer_.clear();
    }
    const int left = PQflush(connection);
    if (left < 0) return lost();
    if (left > 0 || taken == 0) {
      if (PQconsumeInput(connection) == 0) return lost();
      return Wait::read_or_write;
    }
  }
}

Wait CopyOperation::end(const char* error) {
  const int taken = PQputCopyEnd(session_.connection.get(), error);
  if (taken < 0) return lost();
  if (taken == 0) return Wait::write;
  stage_ = Stage::ending;
  return receive();
}

Wait CopyOperation::receive() {
  PGconn* const connection = session_.connection.get();
  const int left = PQflush(connection);
  if (left < 0 || PQconsumeInput(connection) == 0) return lost();
  if (left > 0) return Wait::read_or_write;
  while (PQisBusy(connection) == 0) {
    const Result result(PQgetResult(connection));
    if (result.get() == nullptr) {
      stage_ = Stage::done;
      return Wait::done;
    }
    switch (PQresultStatus(result.get())) {
      case PGRES_COPY_IN:
        stage_ = Stage::sending;
        return send();
      case PGRES_COMMAND_OK:
      case PGRES_TUPLES_OK:
      case PGRES_EMPTY_QUERY:
        copied_ = result.affected_rows();
        if (stage_ == Stage::starting) refuse();
        break;
      case PGRES_COPY_OUT:
        // Reading all of it to no purpose could take as long as it likes.
        refuse();
        session_.broken = true;
        stage_ = Stage::done;
        return Wait::done;
      default:
        if (!failure_) failure_ = failure_of(result.get(), connection);
        if (failure_.fatal || failure_.kind == StatementFailure::Kind::connection_lost)
          return lost();
        break;
    }
  }
  return Wait::read;
}

void CopyOperation::refuse() {
  if (failure_) return;
  failure_ = {.kind = StatementFailure::Kind::protocol,
              .reason = "the statement is no copy from stdin"};
}

Wait CopyOperation::lost() {
  if (!failure_) failure_ = failure_of(session_.connection.get());
  session_.broken = true;
  stage_ = Stage::done;
  return Wait::done;
}

}  // namespace qm::pool

// See copy_operation.hpp. The format is in PostgreSQL's manual under COPY, binary format.
#include "pool/copy_operation.hpp"

#include <libpq-fe.h>

#include <quartermaster/wire.hpp>

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

CopyOperation::CopyOperation(detail::Session& session, const RegisteredQuery& query,
                             ParamRows& rows)
    : session_(session), rows_(rows) {
  // Signature, flags, size of the header's extension.
  buffer_.append("PGCOPY\n\377\r\n\0", 11);
  append(buffer_, std::int32_t{0});
  append(buffer_, std::int32_t{0});
  if (PQsendQuery(session.connection.get(), query.sql.c_str()) == 0) lost();
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

// False when encoding a row failed.
bool CopyOperation::fill() {
  try {
    while (buffer_.size() < buffer_size && next_ < rows_.size())
      append_row(buffer_, rows_.at(next_++));
  } catch (const std::exception&) {
    encoding_failure_ = std::current_exception();
    return false;
  }
  if (next_ == rows_.size() && !trailer_) {
    append(buffer_, std::int16_t{-1});
    trailer_ = true;
  }
  return true;
}

Wait CopyOperation::send() {
  PGconn* const connection = session_.connection.get();
  for (;;) {
    if (abandoned_) return end("given up by the client");
    const bool encoded = fill();
    if (!encoded) return end("a row cannot be encoded");
    if (buffer_.empty()) return end(nullptr);
    const int taken = PQputCopyData(connection, buffer_.data(), static_cast<int>(buffer_.size()));
    if (taken < 0) return lost();
    if (taken > 0) buffer_.clear();
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
        copied_ = result.affected_rows();
        break;
      default:
        if (!failure_) failure_ = failure_of(result.get(), connection);
        if (failure_.fatal || failure_.kind == StatementFailure::Kind::connection_lost)
          return lost();
        break;
    }
  }
  return Wait::read;
}

Wait CopyOperation::lost() {
  if (!failure_) failure_ = failure_of(session_.connection.get());
  session_.broken = true;
  stage_ = Stage::done;
  return Wait::done;
}

std::int64_t CopyOperation::take_result() {
  return copied_;
}

}  // namespace qm::pool

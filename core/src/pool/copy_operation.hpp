// COPY ... FROM STDIN (FORMAT binary): starts it, sends the rows as they are encoded, ends it. A
// row that cannot be encoded ends it with an error, so that nothing of it stays. Not for COPY TO.
#pragma once

#include <cstdint>
#include <exception>
#include <quartermaster/query.hpp>
#include <string>

#include "pool/call_operation.hpp"
#include "pool/session.hpp"

namespace qm::pool {

class CopyOperation final : public CallOperation {
 public:
  // All three must outlive it.
  CopyOperation(detail::Session& session, const RegisteredQuery& query, ParamRows& rows);

  Wait resume() override;
  int fd() const noexcept override { return session_.fd(); }
  void abandon() noexcept override { abandoned_ = true; }
  const StatementFailure& failure() const noexcept override { return failure_; }
  bool executed() const noexcept override { return true; }
  Deadline prepared_at() const noexcept override { return {}; }

  // After Wait::done without a failure: how many rows there are. Throws what encoding a row threw.
  std::int64_t take_result();
  // Encoding a row threw: that is the reason, whatever the server says.
  const std::exception_ptr& encoding_failure() const noexcept { return encoding_failure_; }

 private:
  enum class Stage : std::uint8_t { starting, sending, ending, done };

  Wait send();
  Wait end(const char* error);
  Wait receive();
  bool fill();
  Wait lost();

  detail::Session& session_;
  ParamRows& rows_;
  StatementFailure failure_;
  std::exception_ptr encoding_failure_;
  std::string buffer_;  // encoded and not yet given to libpq
  Stage stage_ = Stage::starting;
  std::size_t next_ = 0;
  std::int64_t copied_ = 0;
  bool trailer_ = false;
  bool abandoned_ = false;
};

}  // namespace qm::pool

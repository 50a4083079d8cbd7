// COPY ... FROM STDIN: starts it, sends what its source gives, ends it. A source that throws ends
// it with an error, so that nothing of it stays. Not for COPY TO.
#pragma once

#include <cstdint>
#include <exception>
#include <functional>
#include <quartermaster/query.hpp>
#include <string>
#include <string_view>
#include <variant>

#include "pool/call_operation.hpp"
#include "pool/session.hpp"

namespace qm::pool {

// What is copied, piece by piece.
class CopySource {
 public:
  virtual ~CopySource() = default;
  // Appends some; false when there is no more. What it throws ends the COPY.
  virtual bool add(std::string& buffer) = 0;
};

// Rows in binary format.
class RowSource final : public CopySource {
 public:
  explicit RowSource(ParamRows& rows) : rows_(rows) {}
  bool add(std::string& buffer) override;

 private:
  ParamRows& rows_;
  std::size_t next_ = 0;
  bool has_begun_ = false;
};

// In the statement's own format; an empty piece is the end.
class DataSource final : public CopySource {
 public:
  explicit DataSource(const std::function<std::string_view()>& next) : next_(next) {}
  bool add(std::string& buffer) override;

 private:
  const std::function<std::string_view()>& next_;
};

class CopyOperation final : public CallOperation {
 public:
  // All three must outlive it.
  CopyOperation(detail::Session& session, const RegisteredQuery& query, ParamRows& rows);
  // session.sql holds the statement.
  CopyOperation(detail::Session& session, const std::function<std::string_view()>& next);
  CopyOperation(const CopyOperation&) = delete;
  CopyOperation& operator=(const CopyOperation&) = delete;

  Wait resume() override;
  int fd() const noexcept override { return session_.fd(); }
  void abandon() noexcept override { abandoned_ = true; }
  const StatementFailure& failure() const noexcept override { return failure_; }
  bool executed() const noexcept override { return true; }
  Deadline prepared_at() const noexcept override { return {}; }

  // After Wait::done without a failure: how many rows there are.
  std::int64_t take_result() noexcept { return copied_; }
  // What the source threw: that is the reason, whatever the server says.
  const std::exception_ptr& source_failure() const noexcept { return source_failure_; }

 private:
  enum class Stage : std::uint8_t { starting, sending, ending, done };

  Wait send();
  Wait end(const char* error);
  Wait receive();
  bool fill();
  void refuse();
  Wait lost();

  detail::Session& session_;
  std::variant<RowSource, DataSource> owned_;
  CopySource& source_;
  StatementFailure failure_;
  std::exception_ptr source_failure_;
  std::string buffer_;  // not yet given to libpq
  Stage stage_ = Stage::starting;
  std::int64_t copied_ = 0;
  bool is_all_ = false;  // the source has no more
  bool abandoned_ = false;
};

}  // namespace qm::pool

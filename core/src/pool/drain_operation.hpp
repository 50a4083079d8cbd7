// What follows when a call's time is up: cancel the statement, read what is left of its results,
// and make sure that the cancel hits nothing else, so that the connection can be kept. Not for
// deciding when: the driver starts it, and gives it a bound of its own.
#pragma once

#include "pool/call_operation.hpp"
#include "pool/cancel_request.hpp"
#include "pool/session.hpp"
#include "pool/statement_operation.hpp"

namespace qm::pool {

class DrainOperation {
 public:
  DrainOperation(detail::Session& session, CallOperation& call);

  Wait resume();
  int fd() const noexcept;

  // Once more, if the statement still runs: a cancellation that comes before its statement is
  // dropped by the server. Throws std::system_error without a descriptor to be had.
  void cancel_again();

  // After Wait::done: whether the cancel hit the round trip that checks for it, in which case the
  // statement had finished before it but an open transaction is now a failed one.
  bool cancel_came_late() const noexcept { return check_.failure().is_sqlstate("57014"); }

 private:
  enum class Stage : std::uint8_t { cancelling, draining, checking };

  detail::Session& session_;
  CallOperation& call_;
  CancelRequest request_;
  StatementOperation check_;
  Stage stage_ = Stage::cancelling;
  bool is_repeated_ = false;
};

}  // namespace qm::pool

// See drain_operation.hpp.
#include "pool/drain_operation.hpp"

namespace qm::pool {

DrainOperation::DrainOperation(detail::Session& session, CallOperation& call)
    : session_(session), call_(call), request_(session.cancel), check_(session.connection.get()) {
  call.abandon();
}

int DrainOperation::fd() const noexcept {
  return stage_ == Stage::cancelling ? request_.fd() : session_.fd();
}

void DrainOperation::cancel_again() {
  if (stage_ != Stage::draining) return;
  is_repeated_ = true;
  request_ = CancelRequest(session_.cancel);
  stage_ = Stage::cancelling;
}

Wait DrainOperation::resume() {
  if (stage_ == Stage::cancelling) {
    if (!request_.finished()) return Wait::read;
    stage_ = Stage::draining;
  }
  if (stage_ == Stage::draining) {
    const Wait wanted = call_.resume();
    if (wanted != Wait::done) return wanted;
    const bool was_cancelled = call_.failure().is_sqlstate("57014");
    if (session_.broken || (was_cancelled && !is_repeated_)) return Wait::done;
    // The statement was over before the cancel, or before the last one. PostgreSQL drops a cancel
    // that finds the backend waiting for a command, but a proxy may deliver it later than it says:
    // an empty statement takes the hit instead of the caller's next one.
    stage_ = Stage::checking;
    check_.script("");
  }
  const Wait wanted = check_.resume();
  if (wanted == Wait::done && check_.connection_broken()) session_.broken = true;
  return wanted;
}

}  // namespace qm::pool

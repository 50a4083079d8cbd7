// See acquire_operation.hpp.
#include "pool/acquire_operation.hpp"

#include <quartermaster/error.hpp>
#include <utility>

#include "pool/pool_section.hpp"
#include "pool/session.hpp"

namespace qm::pool {
namespace {

// The longest an idle connection's answer to an empty statement is waited for.
constexpr std::chrono::seconds check_bound{5};

using Kind = Acquisition::Kind;
using Status = Waiter::Status;
using detail::PoolCore;

}  // namespace

AcquireOperation::AcquireOperation(std::shared_ptr<PoolCore> core, Waiter& waiter,
                                   const Acquisition& begun, std::optional<Deadline> deadline,
                                   CallSite where)
    : core_(std::move(core)),
      waiter_(waiter),
      acquisition_(begun),
      deadline_(deadline ? *deadline
                         : after(core_->config().database.acquire_timeout, waiter.since)),
      where_(where),
      until_(deadline_) {}

AcquireOperation::~AcquireOperation() {
  if (finished_) return;
  if (acquisition_.kind == Kind::check && check_) discard();
  PooledConnection granted;  // given back without the lock
  PoolCore::Section section(*core_);
  if (waiter_.status.load(std::memory_order_acquire) == Status::granted) {
    granted = core_->lend(waiter_.slot, where_);
  } else {
    section.apply(core_->state_.abandon(waiter_, false));
  }
}

AcquireOperation::Need AcquireOperation::resume() {
  for (;;) {
    bool passed = false;
    switch (acquisition_.kind) {
      case Kind::lent:
      case Kind::closed:
        break;
      case Kind::expired:
        acquisition_.kind = Kind::queued;
        core_->destroy(acquisition_.slot);
        break;
      case Kind::check:
        if (!check(passed)) return Need::connection;
        if (!passed) discard();
        break;
      case Kind::queued:
        if (is_waiting() && !is_over()) return Need::wake;
        break;
    }

    PoolCore::Section section(*core_);
    if (acquisition_.kind == Kind::closed) fail([&] { core_->throw_closed(); });
    if (passed) core_->state_.checked(waiter_, Clock::now(), check_took_);
    if (passed || acquisition_.kind == Kind::lent) return lend(acquisition_.slot);
    switch (waiter_.status.load(std::memory_order_acquire)) {
      case Status::granted:
        return lend(waiter_.slot);
      case Status::refused:
        fail([&] { waiter_.failure->raise(); });
      case Status::closed:
        fail([&] { core_->throw_closed(); });
      case Status::waiting:
        if (!is_over()) return Need::wake;
        section.apply(core_->state_.abandon(waiter_, !cancelled_));
        fail([&] { throw_over(); });
      case Status::woken:
      case Status::outside:
        if (!cancelled_) break;
        section.apply(core_->state_.abandon(waiter_, false));
        fail([&] { throw_over(); });
    }
    acquisition_ = core_->state_.acquire(waiter_, Clock::now());
    section.apply(acquisition_.effects);
  }
}

bool AcquireOperation::is_waiting() const noexcept {
  return waiter_.status.load(std::memory_order_acquire) == Status::waiting;
}

bool AcquireOperation::is_over() const noexcept {
  return cancelled_ || Clock::now() >= deadline_;
}

// Under the pool's lock.
AcquireOperation::Need AcquireOperation::lend(Slot slot) {
  finished_ = true;
  lent_ = core_->lend(slot, where_);
  return Need::nothing;
}

template <class Throw>
void AcquireOperation::fail(const Throw& raise) {
  finished_ = true;
  raise();
  std::terminate();  // it has thrown
}

void AcquireOperation::throw_over() const {
  if (!cancelled_) core_->throw_timeout(waiter_.since);
  throw CallCancelled(
      Report{.object = "pool " + core_->config().name, .problem = "the caller gave up waiting"});
}

// True when it is over.
bool AcquireOperation::check(bool& passed) {
  if (!check_) {
    {
      const PoolCore::Section section(*core_);
      session_ = core_->members_[acquisition_.slot].connection->session_.get();
    }
    if (!session_->appears_alive()) return true;
    check_began_ = Clock::now();
    until_ = std::min(deadline_, after(check_bound, check_began_));
    check_.emplace(session_->connection.get());
    check_->script("");
  }
  wanted_ = cancelled_ || Clock::now() >= until_ ? Wait::done : check_->resume();
  if (wanted_ != Wait::done) return false;
  check_took_ = Clock::now() - check_began_;
  session_->broken = session_->broken || check_->connection_broken() || session_->is_broken();
  passed = !session_->broken && !check_->failure() &&
           session_->transaction_status() == Connection::TransactionStatus::idle;
  return true;
}

// What was checked is dead, or nobody knows.
void AcquireOperation::discard() noexcept {
  session_->broken = true;
  check_.reset();
  until_ = deadline_;
  acquisition_.kind = Kind::queued;
  {
    const PoolCore::Section section(*core_);
    core_->state_.discard(acquisition_.slot);
  }
  core_->destroy(acquisition_.slot);
}

}  // namespace qm::pool

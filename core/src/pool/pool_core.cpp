// See pool_core.hpp. Starting and closing are in pool_lifetime.cpp.
#include "pool/pool_core.hpp"

#include <fmt/format.h>

#include <quartermaster/error.hpp>

#include "pool/acquire_operation.hpp"
#include "pool/pool_section.hpp"
#include "pool/session.hpp"

namespace qm::detail {

using pool::Acquisition;
using pool::Slot;
using pool::Waiter;

namespace {

// The longest the roll-back of a connection that came back inside a transaction may take.
constexpr std::chrono::seconds repair_bound{1};

}  // namespace

PooledConnection PoolCore::acquire(std::optional<Deadline> deadline, CallSite where) {
  if (!config_.hooks.before_acquire) return acquire_any(deadline, where);
  if (!deadline) deadline = pool::after(config_.database.acquire_timeout);
  for (;;) {
    PooledConnection lent = acquire_any(deadline, where);
    if (accepts(lent)) return lent;
  }
}

bool PoolCore::accepts(PooledConnection& lent) const {
  const auto& hook = config_.hooks.before_acquire;
  if (!hook) return true;
  try {
    if (hook(*lent)) return true;
  } catch (...) {
    lent->session_->broken = true;
    throw;
  }
  lent->session_->broken = true;
  return false;
}

PooledConnection PoolCore::acquire_any(std::optional<Deadline> deadline, CallSite where) {
  Waiter waiter;
  Acquisition begun;
  if (PooledConnection lent = begin_acquire(waiter, begun, where)) return lent;
  return acquire_slowly(waiter, begun, deadline, where);
}

PooledConnection PoolCore::acquire_slowly(Waiter& waiter, const Acquisition& begun,
                                          std::optional<Deadline> deadline, CallSite where) {
  using Need = pool::AcquireOperation::Need;
  pool::AcquireOperation operation(shared_from_this(), waiter, begun, deadline, where);
  for (;;) {
    switch (operation.resume()) {
      case Need::nothing:
        return operation.take();
      case Need::wake:
        pool::park(waiter.status, Waiter::Status::waiting, operation.wait_until());
        break;
      case Need::connection:
        pool::wait(operation.fd(), operation.wanted(), operation.wait_until());
        break;
    }
  }
}

PooledConnection PoolCore::begin_acquire(Waiter& waiter, Acquisition& begun, CallSite where) {
  Section section(*this);
  // Served at once, nothing is measured; only who may have to wait needs the exact time.
  const bool at_once = state_.has_idle() && !state_.has_waiters();
  const Acquisition acquisition =
      state_.acquire(waiter, at_once ? pool::coarse_now() : Clock::now());
  section.apply(acquisition.effects);
  section.want_upkeep();
  if (acquisition.kind == Acquisition::Kind::lent) return lend(acquisition.slot, where);
  if (at_once) waiter.since = Clock::now();
  begun = acquisition;
  return {};
}

void PoolCore::throw_closed() const {
  throw PoolClosed(Report{.object = "pool " + config_.name, .problem = "closed"});
}

void PoolCore::throw_timeout(Deadline began) const {
  const auto waited =
      std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - began).count();
  const PoolStats stats = state_.stats();
  Report report{.object = "pool " + config_.name};
  report.problem = fmt::format(
      "no connection within {} ms: {} of {} in use, {} connecting, {} more callers waiting", waited,
      stats.acquired_conns, stats.max_conns, stats.constructing_conns, stats.waiters);
  if (stats.acquired_conns == stats.max_conns) {
    report.hint = "hold connections for shorter or raise database.max_conns";
  }
  throw AcquireTimeout(std::move(report));
}

// Under the lock.
PooledConnection PoolCore::lend(Slot slot, CallSite where) {
  Member& member = members_[slot];
  member.where = where;
  member.connection->session_->last_statement.clear();
  return {*this, *member.connection, slot};
}

// Whether the connection may be lent again. One that came back inside a transaction is rolled back.
bool PoolCore::repair(Slot slot, Connection& connection) noexcept {
  if (connection.is_broken()) return false;
  if (connection.transaction_status() == Connection::TransactionStatus::idle) return true;
  try {
    CallSite where;
    {
      Section section(*this);
      where = members_[slot].where;
    }
    const bool reusable = connection.session_->make_reusable(pool::after(repair_bound));
    note(Severity::warning,
         fmt::format("a connection acquired at {}:{} came back inside a transaction; {}",
                     where.file, where.line, reusable ? "rolled back" : "discarded"));
    return reusable;
  } catch (const std::exception&) {
    return false;
  }
}

bool PoolCore::keeps(Connection& connection) noexcept {
  const auto& hook = config_.hooks.after_release;
  if (!hook) return true;
  try {
    if (!hook(connection)) return false;
  } catch (const std::exception& error) {
    note(Severity::warning, fmt::format("hook after_release: {}", error.what()));
    return false;
  }
  return !connection.is_broken() &&
         connection.transaction_status() == Connection::TransactionStatus::idle;
}

void PoolCore::say_goodbye(Connection& connection) noexcept {
  const auto& hook = config_.hooks.before_close;
  if (!hook || connection.is_broken()) return;
  try {
    hook(connection);
  } catch (const std::exception& error) {
    note(Severity::warning, fmt::format("hook before_close: {}", error.what()));
  }
}

void PoolCore::release(Slot slot, Connection& connection) noexcept {
  // The pool may be closed and gone as soon as the slot no longer counts as lent.
  std::shared_ptr<PoolCore> alive;
  const bool healthy = repair(slot, connection) && keeps(connection);
  {
    Section section(*this);
    const Deadline now = state_.has_waiters() ? Clock::now() : pool::coarse_now();
    state_.count(std::exchange(connection.session_->counts, {}));
    const pool::Effects effects = state_.release(slot, now, healthy);
    if (effects.destroy) alive = shared_from_this();
    section.apply(effects);
  }
  if (alive) destroy(slot);
}

// The caller shares the pool.
void PoolCore::destroy(Slot slot) noexcept {
  std::unique_ptr<Connection> connection;
  {
    Section section(*this);
    connection = std::move(members_[slot].connection);
  }
  if (connection) say_goodbye(*connection);
  connection.reset();
  Section section(*this);
  section.apply(state_.destroyed(slot));
  section.want_upkeep();
  if (!state_.is_closed()) return;
  changed_.notify_all();
  if (state_.acquired() == 0) keep_alive_.reset();
}

void PoolCore::destroy(const std::vector<Slot>& slots) noexcept {
  for (const Slot slot : slots)
    destroy(slot);
}

PoolStats PoolCore::stats() const {
  const std::lock_guard lock(mutex_);
  return state_.stats();
}

bool PoolCore::is_closed() const noexcept {
  const std::lock_guard lock(mutex_);
  return state_.is_closed();
}

void PoolCore::reset() {
  std::vector<Slot> idle;
  {
    Section section(*this);
    idle = state_.reset();
  }
  destroy(idle);
}

// Under the lock.
std::string PoolCore::describe_leak(Slot slot) const {
  const Member& member = members_[slot];
  const std::string sql = member.connection->session_->last_statement.text();
  return fmt::format(
      "a connection acquired at {}:{} is held for more than {} ms; last statement: {}",
      member.where.file, member.where.line, config_.database.leak_report_after.count(),
      sql.empty() ? "none" : sql);
}

void PoolCore::note(Severity severity, const std::string& message) const noexcept {
  if (observer_) observer_->on_note({severity, "pool", message});
}

}  // namespace qm::detail

// See keeper.hpp.
#include "pool/keeper.hpp"

#include "pool/pool_section.hpp"
#include "pool/report.hpp"

namespace qm::detail {

using pool::Wait;

Keeper::Keeper(PoolCore& core)
    : core_(core),
      next_upkeep_(pool::after(core.config_.database.health_check_period)),
      next_leak_check_(Deadline{}) {}

void Keeper::run() {
  while (take_requests()) {
    const Deadline now = Clock::now();
    if (upkeep_wanted_ || now >= next_upkeep_) {
      upkeep();
      next_upkeep_ = pool::after(core_.config_.database.health_check_period, now);
      continue;  // its connects are requests now
    }
    if (now >= next_leak_check_) report_leaks(now);
    sleep();
  }
  for (Attempt& attempt : attempts_) {
    core_.connect_failed(attempt.slot, {.report = {.problem = "the pool was closed"}});
  }
  attempts_.clear();
  const std::lock_guard lock(core_.mutex_);
  core_.keeper_running_ = false;
  core_.changed_.notify_all();
}

// False when the pool is closed.
bool Keeper::take_requests() {
  {
    const std::lock_guard lock(core_.mutex_);
    requests_.swap(core_.to_connect_);
    core_.to_connect_.reserve(requests_.capacity());
    upkeep_wanted_ = std::exchange(core_.upkeep_wanted_, false);
    if (core_.state_.is_closed()) {
      // A request that nobody has begun is over as well.
      for (const pool::Slot slot : requests_)
        core_.state_.connect_failed(slot, {});
      requests_.clear();
      return false;
    }
  }
  for (const pool::Slot slot : requests_)
    begin(slot);
  requests_.clear();
  attempts_.remove_if([](const Attempt& attempt) { return attempt.wanted == Wait::done; });
  return true;
}

void Keeper::begin(pool::Slot slot) {
  std::optional<pool::Conninfo> info;
  try {
    info = core_.conninfo();
  } catch (const std::exception& error) {
    core_.connect_failed(slot,
                         {.report = {.object = "hook before_connect", .problem = error.what()}});
    return;
  }
  const Deadline now = Clock::now();
  attempts_.emplace_back(slot, std::move(*info),
                         pool::after(core_.config_.database.connect_timeout, now), now);
  advance(attempts_.back(), now);
}

void Keeper::sleep() {
  polled_.clear();
  polled_.push_back({core_.wake_keeper_.get(), POLLIN, 0});
  Deadline until = std::min(next_upkeep_, next_leak_check_);
  for (const Attempt& attempt : attempts_) {
    polled_.push_back({attempt.operation.fd(), pool::poll_events(attempt.wanted), 0});
    until = std::min(until, attempt.operation.wait_until());
  }
  const pool::Timeout timeout(until);
  if (::ppoll(polled_.data(), polled_.size(), timeout.get(), nullptr) < 0) return;  // a signal
  if (polled_[0].revents != 0) core_.wake_keeper_.clear();
  const Deadline now = Clock::now();
  std::size_t index = 1;
  for (Attempt& attempt : attempts_) {
    if (polled_[index++].revents != 0 || now >= attempt.operation.wait_until()) {
      advance(attempt, now);
    }
  }
  attempts_.remove_if([](const Attempt& attempt) { return attempt.wanted == Wait::done; });
}

void Keeper::advance(Attempt& attempt, Deadline now) {
  attempt.wanted = attempt.operation.resume(now);
  if (attempt.wanted == Wait::done) finish(attempt);
}

void Keeper::finish(Attempt& attempt) {
  pool::ConnectionHandle handle = attempt.operation.take();
  const auto& failure = attempt.operation.failure();
  pool::report_connect(core_.observer_.get(), handle.get(), failure, attempt.started);
  if (handle) {
    core_.connected(attempt.slot, std::move(handle), attempt.started);
  } else {
    core_.connect_failed(attempt.slot, *failure);
  }
}

void Keeper::upkeep() {
  std::vector<pool::Slot> expendable;
  {
    PoolCore::Section section(core_);
    expendable = core_.state_.take_expendable(Clock::now());
  }
  core_.destroy(expendable);
  PoolCore::Section section(core_);
  for (;;) {
    const pool::Slot slot = core_.state_.connect_for_upkeep();
    if (slot == pool::no_slot) break;
    section.connect(slot);
  }
}

void Keeper::report_leaks(Deadline now) {
  std::vector<std::string> leaks;
  {
    const std::lock_guard lock(core_.mutex_);
    for (const pool::Slot slot : core_.state_.take_leaks(now)) {
      leaks.push_back(core_.describe_leak(slot));
    }
    next_leak_check_ = core_.state_.next_leak_check(now);
  }
  for (const std::string& leak : leaks)
    core_.note(Severity::warning, leak);
}

}  // namespace qm::detail

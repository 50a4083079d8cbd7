// See pool_state.hpp.
#include "pool/pool_state.hpp"

#include <algorithm>
#include <utility>

#include "pool/failure.hpp"

namespace qm::pool {

bool Waker::prepare() noexcept {
  std::shared_ptr<Waker> alive = self();
  if (!alive) return false;
  const std::lock_guard lock(mutex_);
  kept_ = std::move(alive);
  ++prepared_;
  return true;
}

void Waker::perform() noexcept {
  std::shared_ptr<Waker> alive;
  {
    const std::lock_guard lock(mutex_);
    alive = kept_;
    if (--prepared_ == 0) kept_.reset();
  }
  wake();
}

void Effects::add_wake(const Waiter* waiter) noexcept {
  if (waiter == nullptr) return;
  (wake[0].status == nullptr ? wake[0] : wake[1]) = Wake(*waiter);
}

// Nobody may take a connection past a waiter that has been overtaken for that long. With a bound of
// 0 that is always.
bool PoolState::is_overdue(const Waiter& waiter, TimePoint now) const noexcept {
  return now - waiter.since >= rules_.overtake_bound;
}

bool PoolState::may_take(const Waiter& waiter, TimePoint now) const noexcept {
  if (first_ == nullptr || !is_overdue(*first_, now)) return true;
  return waiter.ticket != 0 && waiter.ticket <= first_->ticket;
}

// By ticket: one that found its connection dead gets its place back.
void PoolState::enqueue(Waiter& waiter) {
  if (waiter.ticket == 0) waiter.ticket = ++tickets_;
  Waiter* after = last_;
  if (after != nullptr && after->ticket > waiter.ticket) {
    Waiter* before = first_;
    while (before->ticket < waiter.ticket)
      before = before->next;
    after = before->previous;
  }
  waiter.previous = after;
  waiter.next = after == nullptr ? first_ : after->next;
  (after == nullptr ? first_ : after->next) = &waiter;
  (waiter.next == nullptr ? last_ : waiter.next->previous) = &waiter;
  ++waiting_;
}

void PoolState::unlink(Waiter& waiter) {
  (waiter.previous == nullptr ? first_ : waiter.previous->next) = waiter.next;
  (waiter.next == nullptr ? last_ : waiter.next->previous) = waiter.previous;
  waiter.previous = nullptr;
  waiter.next = nullptr;
  --waiting_;
}

// Out of the queue; a connect that was started for it goes on for whoever needs it.
void PoolState::leave(Waiter& waiter) {
  unlink(waiter);
  if (waiter.connect != no_slot) {
    records_[waiter.connect].owner = nullptr;
    waiter.connect = no_slot;
  }
}

// An idle connection that was not handed over is somebody's to fetch: the first in the queue. One
// at a time; who takes one and leaves another idle wakes the next.
const Waiter* PoolState::next_to_wake() {
  if (idle_.empty() || first_ == nullptr ||
      first_->status.load(std::memory_order_relaxed) != Waiter::Status::waiting) {
    return nullptr;
  }
  first_->status.store(Waiter::Status::woken, std::memory_order_release);
  return first_;
}

void PoolState::observe(DurationHistogram& histogram, TimePoint::duration took) noexcept {
  if (took <= TimePoint::duration::zero()) {
    ++histogram.counts[0];
    return;
  }
  const double seconds = std::chrono::duration<double>(took).count();
  const auto* bucket = std::lower_bound(histogram.bounds.begin(), histogram.bounds.end(), seconds);
  ++histogram.counts[static_cast<std::size_t>(bucket - histogram.bounds.begin())];
  histogram.sum_seconds += seconds;
}

void PoolState::count_success(const Waiter& waiter, TimePoint now) {
  ++counters_.acquire_total;
  DurationHistogram& histogram = counters_.acquire_duration_seconds;
  if (waiter.ticket == 0) {  // served at once: it waited for nothing and constructed nothing
    ++histogram.counts[0];
    return;
  }
  observe(histogram, now - waiter.since);
  if (!waiter.has_waited) return;
  ++counters_.empty_acquire_total;
  observe(counters_.wait_duration_seconds, now - waiter.since);
}

void PoolState::count_connect(TimePoint::duration took) noexcept {
  observe(counters_.connect_duration_seconds, took);
}

void PoolState::count(const SessionCounts& counts) noexcept {
  counters_.statement_hits_total += counts.statement_hits;
  counters_.statement_misses_total += counts.statement_misses;
  counters_.sent_bytes_total += counts.sent_bytes;
  counters_.received_bytes_total += counts.received_bytes;
}

Acquisition PoolState::acquire(Waiter& waiter, TimePoint now) {
  const bool queued = waiter.status.load(std::memory_order_relaxed) == Waiter::Status::woken;
  Acquisition result;
  if (closed_) {
    ++counters_.failed_acquire_closed_total;
    return result;
  }
  if (!idle_.empty() && may_take(waiter, now)) {
    if (queued) {
      leave(waiter);
      waiter.status.store(Waiter::Status::outside, std::memory_order_relaxed);
    }
    result.slot = idle_.back();
    idle_.pop_back();
    ++acquired_;
    Record& record = records_[result.slot];
    record.leak_told = false;
    // The two times may be of clocks that are a tick apart.
    const auto idle_for = std::max(now - record.since, TimePoint::duration::zero());
    record.since = now;
    if (now >= record.expires_at) {
      record.phase = Phase::destroying;
      ++counters_.max_lifetime_destroy_total;
      result.kind = Acquisition::Kind::expired;
    } else {
      record.phase = Phase::lent;
      result.kind = idle_for >= rules_.liveness_check_after ? Acquisition::Kind::check
                                                            : Acquisition::Kind::lent;
    }
    if (result.kind == Acquisition::Kind::lent) {
      count_success(waiter, now);
    } else if (waiter.ticket == 0) {
      waiter.ticket = ++tickets_;
      waiter.since = now;
    }
    result.effects.add_wake(next_to_wake());
    // It may have been one that a waiter counted on instead of a connect of its own.
    result.effects.connect = connect_for_waiters();
    return result;
  }
  if (!queued) {
    if (waiter.ticket == 0) waiter.since = now;
    enqueue(waiter);
  }
  waiter.has_waited = true;
  waiter.status.store(Waiter::Status::waiting, std::memory_order_relaxed);
  result.kind = Acquisition::Kind::queued;
  result.effects.add_wake(next_to_wake());
  result.effects.connect = connect_for_waiters();
  return result;
}

void PoolState::checked(const Waiter& waiter, TimePoint now, TimePoint::duration took) {
  observe(counters_.check_duration_seconds, took);
  count_success(waiter, now);
}

void PoolState::discard(Slot slot) {
  records_[slot].phase = Phase::destroying;
  ++counters_.broken_destroy_total;
}

Effects PoolState::abandon(Waiter& waiter, bool timed_out) {
  Effects effects;
  const auto status = waiter.status.load(std::memory_order_relaxed);
  if (status == Waiter::Status::waiting || status == Waiter::Status::woken) {
    leave(waiter);
    waiter.status.store(Waiter::Status::outside, std::memory_order_relaxed);
    effects.add_wake(next_to_wake());
  }
  ++counters_.canceled_acquire_total;
  if (timed_out) ++counters_.failed_acquire_timeout_total;
  return effects;
}

// To the first in the queue, or onto the idle stack for whoever comes first.
void PoolState::place(Slot slot, TimePoint now, bool hand_over, Effects& effects) {
  Record& record = records_[slot];
  record.since = now;
  if (first_ != nullptr && (hand_over || is_overdue(*first_, now))) {
    Waiter& waiter = *first_;
    leave(waiter);
    record.phase = Phase::lent;
    record.leak_told = false;
    ++acquired_;
    waiter.slot = slot;
    count_success(waiter, now);
    effects.add_wake(&waiter);
    waiter.status.store(Waiter::Status::granted, std::memory_order_release);
  } else {
    record.phase = Phase::idle;
    idle_.push_back(slot);
  }
  effects.add_wake(next_to_wake());
}

Effects PoolState::release(Slot slot, TimePoint now, bool healthy) {
  Effects effects;
  Record& record = records_[slot];
  observe(counters_.use_duration_seconds, now - record.since);
  if (!healthy) {
    ++counters_.broken_destroy_total;
    effects.destroy = true;
  } else if (closed_ || record.generation != generation_) {
    effects.destroy = true;
  } else if (now >= record.expires_at) {
    ++counters_.max_lifetime_destroy_total;
    effects.destroy = true;
  }
  if (effects.destroy) {
    record.phase = Phase::destroying;
    return effects;
  }
  --acquired_;
  place(slot, now, false, effects);
  return effects;
}

Effects PoolState::destroyed(Slot slot) {
  records_[slot].phase = Phase::free;
  free_.push_back(slot);
  --acquired_;
  return {.connect = connect_for_waiters()};
}

Slot PoolState::begin_connect(Purpose purpose, Waiter* owner) {
  Slot slot = 0;
  if (free_.empty()) {
    slot = static_cast<Slot>(records_.size());
    records_.emplace_back();
    // Giving a slot back must not need memory.
    free_.reserve(records_.capacity());
    idle_.reserve(records_.capacity());
  } else {
    slot = free_.back();
    free_.pop_back();
  }
  Record& record = records_[slot];
  record.phase = Phase::constructing;
  record.purpose = purpose;
  record.generation = generation_;
  record.owner = owner;
  if (owner != nullptr) owner->connect = slot;
  ++constructing_;
  ++counters_.new_conns_total;
  return slot;
}

// As many connects as waiters, as far as the permits go.
Slot PoolState::connect_for_waiters() {
  if (closed_ || total() >= rules_.max_conns || waiting_ <= idle_count() + constructing_) {
    return no_slot;
  }
  for (Waiter* waiter = first_; waiter != nullptr; waiter = waiter->next) {
    if (waiter->connect == no_slot) return begin_connect(Purpose::caller, waiter);
  }
  return no_slot;
}

Effects PoolState::connected(Slot slot, TimePoint now, TimePoint expires_at) {
  Effects effects;
  Record& record = records_[slot];
  if (record.owner != nullptr) record.owner->connect = no_slot;
  record.owner = nullptr;
  record.expires_at = expires_at;
  --constructing_;
  if (closed_ || record.generation != generation_) {
    record.phase = Phase::destroying;
    ++acquired_;
    effects.destroy = true;
    return effects;
  }
  place(slot, now, true, effects);
  return effects;
}

Effects PoolState::connect_failed(Slot slot, std::shared_ptr<const ConnectFailure> failure) {
  Effects effects;
  Record& record = records_[slot];
  --constructing_;
  record.phase = Phase::free;
  free_.push_back(slot);
  if (record.purpose == Purpose::upkeep) ++counters_.upkeep_errors_total;
  if (Waiter* owner = std::exchange(record.owner, nullptr)) {
    leave(*owner);
    ++counters_.failed_acquire_connect_total;
    owner->failure = std::move(failure);
    effects.add_wake(owner);
    owner->status.store(Waiter::Status::refused, std::memory_order_release);
    effects.add_wake(next_to_wake());
  }
  effects.connect = connect_for_waiters();
  return effects;
}

Slot PoolState::connect_first() {
  return closed_ || total() > 0 ? no_slot : begin_connect(Purpose::first, nullptr);
}

std::vector<Slot> PoolState::take_expendable(TimePoint now) {
  std::vector<Slot> taken;
  std::uint32_t left = total();
  // The longest idle lie first.
  std::erase_if(idle_, [&](Slot slot) {
    Record& record = records_[slot];
    if (now >= record.expires_at && left >= rules_.min_conns) {
      ++counters_.max_lifetime_destroy_total;
    } else if (now - record.since >= rules_.max_conn_idle_time && left > rules_.min_conns) {
      ++counters_.max_idle_destroy_total;
    } else {
      return false;
    }
    --left;
    ++acquired_;
    record.phase = Phase::destroying;
    taken.push_back(slot);
    return true;
  });
  return taken;
}

// How many connections fall short of min_conns and min_idle_conns. Connects beyond what the
// waiters will take become idle ones.
std::uint32_t PoolState::missing() const noexcept {
  if (closed_ || total() >= rules_.max_conns) return 0;
  const auto shortfall = [](std::uint32_t wanted, std::uint32_t present) {
    return wanted > present ? wanted - present : 0;
  };
  const std::uint32_t soon_idle = idle_count() + shortfall(constructing_, waiting_);
  return std::max(shortfall(rules_.min_conns, total()),
                  shortfall(rules_.min_idle_conns, soon_idle));
}

bool PoolState::wants_connections() const noexcept {
  return missing() > 0;
}

Slot PoolState::connect_for_upkeep() {
  return missing() > 0 ? begin_connect(Purpose::upkeep, nullptr) : no_slot;
}

std::vector<Slot> PoolState::take_leaks(TimePoint now) {
  std::vector<Slot> leaks;
  if (rules_.leak_report_after.count() == 0) return leaks;
  for (Slot slot = 0; slot < records_.size(); ++slot) {
    Record& record = records_[slot];
    if (record.phase != Phase::lent || record.leak_told) continue;
    if (now - record.since < rules_.leak_report_after) continue;
    record.leak_told = true;
    ++counters_.leak_reports_total;
    leaks.push_back(slot);
  }
  return leaks;
}

// What is lent later than now is due after now + threshold.
TimePoint PoolState::next_leak_check(TimePoint now) const {
  if (rules_.leak_report_after.count() == 0) return TimePoint::max();
  TimePoint due = now + rules_.leak_report_after;
  for (const Record& record : records_) {
    if (record.phase != Phase::lent || record.leak_told) continue;
    due = std::min(due, record.since + rules_.leak_report_after);
  }
  return due;
}

std::vector<Slot> PoolState::take_all_idle() {
  std::vector<Slot> taken;
  taken.swap(idle_);
  idle_.reserve(records_.capacity());
  for (const Slot slot : taken)
    records_[slot].phase = Phase::destroying;
  acquired_ += static_cast<std::uint32_t>(taken.size());
  return taken;
}

std::vector<Slot> PoolState::reset() {
  ++generation_;
  return take_all_idle();
}

std::vector<Slot> PoolState::close(std::vector<Wake>& wake) {
  closed_ = true;
  while (first_ != nullptr) {
    Waiter& waiter = *first_;
    leave(waiter);
    ++counters_.failed_acquire_closed_total;
    wake.emplace_back(waiter);
    waiter.status.store(Waiter::Status::closed, std::memory_order_release);
  }
  return take_all_idle();
}

PoolStats PoolState::stats() const {
  PoolStats stats = counters_;
  stats.acquired_conns = acquired_;
  stats.constructing_conns = constructing_;
  stats.idle_conns = idle_count();
  stats.total_conns = total();
  stats.max_conns = rules_.max_conns;
  stats.waiters = waiting_;
  return stats;
}

}  // namespace qm::pool

// Random schedules of everything that can happen to a pool, compared step by step with a model that
// knows the rules only: who is in the queue, what is idle, what each slot is doing. The model takes
// the state's choices as they come (which waiter, which slot) and says whether they were allowed.
#include <gmock/gmock.h>

#include <algorithm>
#include <deque>
#include <map>
#include <memory>
#include <numeric>
#include <random>

#include "pool_states.hpp"

namespace qm::pool {
namespace {

enum class Doing : std::uint8_t { constructing, idle, lent, checking, destroying };

struct Connection {
  Doing doing = Doing::constructing;
  bool outdated = false;  // a reset came after its connect began
  bool for_upkeep = false;
  TimePoint expires_at{};
  TimePoint idle_since{};
};

enum class Outcome : std::uint8_t { none, served, gave_up, refused, closed };

struct Caller {
  Waiter waiter{};
  Outcome outcome = Outcome::none;
  Slot found_unusable = no_slot;  // expired or dead: to be destroyed, then acquire() again
  Slot checking = no_slot;
  std::uint64_t place = 0;  // in the queue: the order of first tries that were not served at once
  TimePoint since{};
  bool in_queue = false;
  bool waited = false;
};

class Schedule {
 public:
  Schedule(unsigned seed, const PoolRules& rules) : random_(seed), rules_(rules), state_(rules) {}

  void run(int steps) {
    for (int i = 0; i < steps && !testing::Test::HasFailure(); ++i) {
      now_ += std::chrono::microseconds(pick(400));
      step();
      compare();
    }
    if (!testing::Test::HasFailure()) finish();
  }

 private:
  unsigned pick(unsigned below) { return static_cast<unsigned>(random_()) % below; }

  template <class Wanted>
  Caller* any_caller(Wanted wanted) {
    std::vector<Caller*> found;
    for (const auto& caller : callers_) {
      if (caller->outcome == Outcome::none && wanted(*caller)) found.push_back(caller.get());
    }
    return found.empty() ? nullptr : found[pick(static_cast<unsigned>(found.size()))];
  }
  Slot any_slot(Doing doing) {
    std::vector<Slot> found;
    for (const auto& [slot, connection] : connections_) {
      if (connection.doing == doing) found.push_back(slot);
    }
    return found.empty() ? no_slot : found[pick(static_cast<unsigned>(found.size()))];
  }
  unsigned count(Doing doing) const {
    return static_cast<unsigned>(std::count_if(
        connections_.begin(), connections_.end(),
        [doing](const auto& connection) { return connection.second.doing == doing; }));
  }

  void step() {
    const unsigned choice = pick(1000);
    if (choice < 200) {
      if (queue_.size() < 12) acquire(*callers_.emplace_back(std::make_unique<Caller>()));
    } else if (choice < 330) {
      wake_up();
    } else if (choice < 350) {
      give_up();
    } else if (choice < 560) {
      give_back();
    } else if (choice < 700) {
      end_connect();
    } else if (choice < 790) {
      end_check();
    } else if (choice < 930) {
      destroy();
    } else if (choice < 985) {
      upkeep();
    } else if (choice < 990) {
      reset();
    } else {
      now_ += std::chrono::milliseconds(pick(40));
    }
  }

  void acquire(Caller& caller) {
    const bool idle = !idle_.empty();
    const bool may_take = allowed_to_take(caller);
    const Slot expected = idle ? idle_.back() : no_slot;
    const Acquisition acquisition = state_.acquire(caller.waiter, now_);
    if (closed_) {
      EXPECT_EQ(acquisition.kind, Kind::closed);
      settle(caller, Outcome::closed);
      return;
    }
    const bool is_new = caller.place == 0;
    if (is_new && acquisition.kind != Kind::lent) {
      caller.place = ++places_;
      caller.since = now_;
    }
    if (!idle || !may_take) {
      ASSERT_EQ(acquisition.kind, Kind::queued);
      if (!caller.in_queue) enqueue(caller);
      caller.waited = true;
      follow(acquisition.effects);
      return;
    }
    if (caller.in_queue) dequeue(caller);
    ASSERT_EQ(acquisition.slot, expected) << "the most recently used";
    Connection& connection = connections_.at(expected);
    idle_.pop_back();
    if (now_ >= connection.expires_at) {
      ASSERT_EQ(acquisition.kind, Kind::expired);
      connection.doing = Doing::destroying;
      caller.found_unusable = expected;
      ++expected_.max_lifetime_destroy_total;
    } else if (now_ - connection.idle_since >= rules_.liveness_check_after) {
      ASSERT_EQ(acquisition.kind, Kind::check);
      connection.doing = Doing::checking;
      caller.checking = expected;
    } else {
      ASSERT_EQ(acquisition.kind, Kind::lent);
      connection.doing = Doing::lent;
      succeed(caller);
    }
    follow(acquisition.effects);
  }

  // A woken one fetches, one that destroyed what it got tries again.
  void wake_up() {
    Caller* caller = any_caller([](const Caller& one) {
      return one.waiter.status == Status::woken ||
             (one.place != 0 && !one.in_queue && one.checking == no_slot &&
              one.found_unusable == no_slot);
    });
    if (caller != nullptr) acquire(*caller);
  }

  void give_up() {
    Caller* caller = any_caller([](const Caller& one) { return one.in_queue; });
    if (caller == nullptr) return;
    dequeue(*caller);
    const Effects effects = state_.abandon(caller->waiter);
    EXPECT_EQ(caller->waiter.status, Status::outside);
    settle(*caller, Outcome::gave_up);
    follow(effects);
  }

  void end_check() {
    Caller* caller = any_caller([](const Caller& one) { return one.checking != no_slot; });
    if (caller == nullptr) return;
    const Slot slot = std::exchange(caller->checking, no_slot);
    if (pick(3) != 0) {
      state_.checked(caller->waiter, now_);
      connections_.at(slot).doing = Doing::lent;
      succeed(*caller);
    } else {
      state_.discard(slot);
      connections_.at(slot).doing = Doing::destroying;
      caller->found_unusable = slot;
      ++expected_.broken_destroy_total;
    }
  }

  void give_back() {
    const Slot slot = any_slot(Doing::lent);
    if (slot == no_slot) return;
    Connection& connection = connections_.at(slot);
    const bool healthy = pick(10) != 0;
    const bool expired = now_ >= connection.expires_at;
    const bool unwanted = closed_ || connection.outdated;
    if (!healthy) {
      ++expected_.broken_destroy_total;
    } else if (!unwanted && expired) {
      ++expected_.max_lifetime_destroy_total;
    }
    const Effects effects = state_.release(slot, now_, healthy);
    ASSERT_EQ(effects.destroy, !healthy || unwanted || expired);
    if (effects.destroy) {
      connection.doing = Doing::destroying;
    } else {
      place(slot, !queue_.empty() && is_overdue(*queue_.front()));
    }
    follow(effects);
  }

  void destroy() {
    const Slot slot = any_slot(Doing::destroying);
    if (slot == no_slot) return;
    connections_.erase(slot);
    for (const auto& caller : callers_) {
      if (caller->found_unusable == slot) caller->found_unusable = no_slot;
    }
    follow(state_.destroyed(slot));
  }

  void end_connect() {
    const Slot slot = any_slot(Doing::constructing);
    if (slot == no_slot) return;
    Connection& connection = connections_.at(slot);
    if (pick(4) == 0) {
      refuse(slot);
      return;
    }
    connection.expires_at = pick(2) == 0 ? never : now_ + std::chrono::milliseconds(1 + pick(100));
    const Effects effects = state_.connected(slot, now_, connection.expires_at);
    ASSERT_EQ(effects.destroy, closed_ || connection.outdated);
    if (effects.destroy) {
      connection.doing = Doing::destroying;
    } else {
      place(slot, !queue_.empty());
    }
    follow(effects);
  }

  void refuse(Slot slot) {
    if (connections_.at(slot).for_upkeep) ++expected_.upkeep_errors_total;
    connections_.erase(slot);
    const Effects effects = state_.connect_failed(slot, refusal());
    for (Caller* caller : std::deque<Caller*>(queue_)) {
      if (caller->waiter.status != Status::refused) continue;
      EXPECT_NE(caller->waiter.failure, nullptr);
      dequeue(*caller);
      settle(*caller, Outcome::refused);
    }
    follow(effects);
  }

  void upkeep() {
    const unsigned total_before = static_cast<unsigned>(connections_.size());
    unsigned left = total_before;
    for (const Slot slot : state_.take_expendable(now_)) {
      Connection& connection = connections_.at(slot);
      ASSERT_EQ(connection.doing, Doing::idle);
      if (now_ >= connection.expires_at && left >= rules_.min_conns) {
        ++expected_.max_lifetime_destroy_total;
      } else {
        ASSERT_GE(now_ - connection.idle_since, rules_.max_conn_idle_time);
        ASSERT_GT(left, rules_.min_conns);
        ++expected_.max_idle_destroy_total;
      }
      --left;
      connection.doing = Doing::destroying;
      std::erase(idle_, slot);
    }
    while (state_.wants_connections()) {
      const Slot slot = state_.connect_for_upkeep();
      ASSERT_NE(slot, no_slot);
      begin(slot);
      connections_.at(slot).for_upkeep = true;
    }
    if (!closed_) {
      const auto total = static_cast<unsigned>(connections_.size());
      EXPECT_GE(total, std::min(rules_.min_conns, rules_.max_conns));
    }
  }

  void take_all(const std::vector<Slot>& taken) {
    EXPECT_THAT(taken, testing::UnorderedElementsAreArray(idle_));
    for (const Slot slot : taken)
      connections_.at(slot).doing = Doing::destroying;
    idle_.clear();
  }
  void reset() {
    take_all(state_.reset());
    for (auto& [slot, connection] : connections_)
      connection.outdated = true;
  }

  void finish() {
    Wakes wake;
    take_all(state_.close(wake));
    closed_ = true;
    EXPECT_EQ(wake.size(), queue_.size());
    for (Caller* caller : std::deque<Caller*>(queue_)) {
      EXPECT_EQ(caller->waiter.status, Status::closed);
      dequeue(*caller);
      settle(*caller, Outcome::closed);
    }
    compare();
    for (int i = 0; i < 10'000 && !connections_.empty() && !testing::Test::HasFailure(); ++i) {
      wake_up();
      give_back();
      end_connect();
      end_check();
      destroy();
      compare();
    }
    while (!testing::Test::HasFailure() &&
           any_caller([](const Caller&) { return true; }) != nullptr)
      wake_up();
    compare();
    EXPECT_EQ(state_.total(), 0U) << "a permit was lost";
    for (const auto& caller : callers_)
      EXPECT_NE(caller->outcome, Outcome::none);
  }

  bool is_overdue(const Caller& caller) const {
    return now_ - caller.since >= rules_.overtake_bound;
  }
  bool allowed_to_take(const Caller& caller) const {
    if (queue_.empty() || !is_overdue(*queue_.front())) return true;
    return caller.place != 0 && caller.place <= queue_.front()->place;
  }
  void enqueue(Caller& caller) {
    caller.in_queue = true;
    const auto behind = std::find_if(queue_.begin(), queue_.end(), [&](const Caller* other) {
      return other->place > caller.place;
    });
    queue_.insert(behind, &caller);
  }
  void dequeue(Caller& caller) {
    caller.in_queue = false;
    queue_.erase(std::find(queue_.begin(), queue_.end(), &caller));
  }
  void begin(Slot slot) {
    ASSERT_TRUE(connections_.try_emplace(slot).second) << "that slot is in use";
    ++expected_.new_conns_total;
  }
  // To the first in the queue, or idle.
  void place(Slot slot, bool handed_over) {
    Connection& connection = connections_.at(slot);
    if (handed_over) {
      Caller& first = *queue_.front();
      ASSERT_EQ(first.waiter.status, Status::granted);
      ASSERT_EQ(first.waiter.slot, slot);
      connection.doing = Doing::lent;
      dequeue(first);
      succeed(first);
    } else {
      connection.doing = Doing::idle;
      connection.idle_since = now_;
      idle_.push_back(slot);
    }
  }
  void succeed(Caller& caller) {
    ++expected_.acquire_total;
    if (caller.waited) ++expected_.empty_acquire_total;
    if (caller.place != 0) {
      seconds_ += std::chrono::duration<double>(now_ - caller.since).count();
    }
    caller.outcome = Outcome::served;
  }
  void settle(Caller& caller, Outcome outcome) {
    ASSERT_EQ(caller.outcome, Outcome::none) << "a caller has one outcome";
    caller.outcome = outcome;
    if (outcome == Outcome::gave_up) {
      ++expected_.canceled_acquire_total;
      ++expected_.failed_acquire_timeout_total;
    }
    if (outcome == Outcome::closed) ++expected_.failed_acquire_closed_total;
    if (outcome == Outcome::refused) ++expected_.failed_acquire_connect_total;
  }
  // Does what is to be done after a step; whom it wakes must have a reason to be awake.
  void follow(const Effects& effects) {
    if (effects.connect != no_slot) begin(effects.connect);
    for (const auto* status : woken_by(effects))
      EXPECT_NE(*status, Status::waiting);
  }

  void compare() {
    const PoolStats stats = state_.stats();
    ASSERT_LE(stats.total_conns, rules_.max_conns);
    ASSERT_LE(state_.slots(), rules_.max_conns) << "a slot was not given back";
    ASSERT_EQ(stats.idle_conns + stats.acquired_conns + stats.constructing_conns,
              stats.total_conns);
    ASSERT_EQ(stats.idle_conns, idle_.size());
    ASSERT_EQ(stats.constructing_conns, count(Doing::constructing));
    ASSERT_EQ(stats.acquired_conns,
              count(Doing::lent) + count(Doing::checking) + count(Doing::destroying));
    ASSERT_EQ(stats.waiters, queue_.size());
    ASSERT_EQ(stats.acquire_total, expected_.acquire_total);
    ASSERT_EQ(stats.empty_acquire_total, expected_.empty_acquire_total);
    ASSERT_EQ(stats.canceled_acquire_total, expected_.canceled_acquire_total);
    ASSERT_EQ(stats.new_conns_total, expected_.new_conns_total);
    ASSERT_EQ(stats.max_lifetime_destroy_total, expected_.max_lifetime_destroy_total);
    ASSERT_EQ(stats.max_idle_destroy_total, expected_.max_idle_destroy_total);
    ASSERT_EQ(stats.broken_destroy_total, expected_.broken_destroy_total);
    ASSERT_EQ(stats.upkeep_errors_total, expected_.upkeep_errors_total);
    ASSERT_EQ(stats.failed_acquire_timeout_total, expected_.failed_acquire_timeout_total);
    ASSERT_EQ(stats.failed_acquire_closed_total, expected_.failed_acquire_closed_total);
    ASSERT_EQ(stats.failed_acquire_connect_total, expected_.failed_acquire_connect_total);
    const DurationHistogram& durations = stats.acquire_duration_seconds;
    ASSERT_EQ(std::accumulate(durations.counts.begin(), durations.counts.end(), std::uint64_t{0}),
              stats.acquire_total);
    ASSERT_NEAR(durations.sum_seconds, seconds_, 1e-6);

    for (const Caller* caller : queue_) {
      ASSERT_TRUE(caller->waiter.status == Status::waiting ||
                  caller->waiter.status == Status::woken);
    }
    if (closed_ || queue_.empty()) return;
    // No wake-up is lost, and nobody waits for others while a permit is free.
    if (!idle_.empty()) {
      ASSERT_EQ(queue_.front()->waiter.status, Status::woken);
    }
    if (connections_.size() < rules_.max_conns) {
      ASSERT_LE(queue_.size(),
                idle_.size() + count(Doing::constructing) + count(Doing::destroying));
    }
  }

  std::mt19937 random_;
  PoolRules rules_;
  PoolState state_;
  TimePoint now_ = at(0ms);
  bool closed_ = false;
  std::uint64_t places_ = 0;
  double seconds_ = 0;
  PoolStats expected_;
  std::map<Slot, Connection> connections_;
  std::vector<Slot> idle_;
  std::deque<Caller*> queue_;
  std::vector<std::unique_ptr<Caller>> callers_;
};

struct Case {
  const char* name;
  PoolRules rules;
};

class PoolStateRandom : public testing::TestWithParam<Case> {};

TEST_P(PoolStateRandom, KeepsTheRulesAtEveryStep) {
  for (unsigned seed = 1; seed <= 4; ++seed) {
    SCOPED_TRACE(seed);
    Schedule(seed, GetParam().rules).run(5'000);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Pools, PoolStateRandom,
    testing::Values(
        Case{"Strict", {.max_conns = 3, .liveness_check_after = 5ms, .overtake_bound = 0ms}},
        Case{"Overtaking", {.max_conns = 3, .liveness_check_after = 5ms, .overtake_bound = 1ms}},
        Case{"OvertakingForLong",
             {.max_conns = 8, .liveness_check_after = 5ms, .overtake_bound = 1s}},
        Case{"KeptOpen",
             {.max_conns = 6,
              .min_conns = 3,
              .min_idle_conns = 2,
              .max_conn_idle_time = 10ms,
              .liveness_check_after = 5ms}},
        Case{"One", {.max_conns = 1, .max_conn_idle_time = 3ms, .liveness_check_after = 0ms}},
        Case{"Roomy", {.max_conns = 100, .max_conn_idle_time = 10ms}}),
    [](const auto& pool) { return std::string(pool.param.name); });

}  // namespace
}  // namespace qm::pool

// Upkeep, and what each counter and gauge of docs/metrics.md counts.
#include <gmock/gmock.h>

#include <numeric>

#include "pool_states.hpp"

namespace qm::pool {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// Begins what upkeep asks for, one by one, as its caller does.
std::vector<Slot> begin_missing(PoolState& state) {
  std::vector<Slot> slots;
  while (state.wants_connections())
    slots.push_back(state.connect_for_upkeep());
  EXPECT_EQ(state.connect_for_upkeep(), no_slot);
  return slots;
}

TEST(PoolStateUpkeep, OpensUpToMinConns) {
  PoolState state({.max_conns = 5, .min_conns = 3});
  lend_new(state, at(0ms));
  EXPECT_EQ(begin_missing(state).size(), 2U);
  EXPECT_EQ(state.total(), 3U);
}

TEST(PoolStateUpkeep, OpensUpToMinIdleBesideWhatIsLent) {
  PoolState state({.max_conns = 5, .min_idle_conns = 2});
  lend_new(state, at(0ms));
  const std::vector<Slot> slots = begin_missing(state);
  EXPECT_EQ(slots.size(), 2U);
  for (const Slot slot : slots)
    state.connected(slot, at(1ms), never);
  EXPECT_EQ(state.stats().idle_conns, 2U);
  EXPECT_FALSE(state.wants_connections());
}

TEST(PoolStateUpkeep, TheLargerOfBothCounts) {
  PoolState conns({.max_conns = 9, .min_conns = 4, .min_idle_conns = 1});
  EXPECT_EQ(begin_missing(conns).size(), 4U);
  PoolState idle({.max_conns = 9, .min_conns = 1, .min_idle_conns = 4});
  EXPECT_EQ(begin_missing(idle).size(), 4U);
}

TEST(PoolStateUpkeep, NeverOpensMoreThanMaxConns) {
  PoolState state({.max_conns = 3, .min_idle_conns = 3});
  lend_new(state, at(0ms));
  EXPECT_EQ(begin_missing(state).size(), 2U);
}

TEST(PoolStateUpkeep, WhatWaitersWillTakeDoesNotCountAsIdle) {
  PoolState state({.max_conns = 4, .min_idle_conns = 1});
  Waiter waiter;
  state.acquire(waiter, at(0ms));
  EXPECT_EQ(begin_missing(state).size(), 1U);
}

TEST(PoolStateUpkeep, AFailedConnectIsCountedAndReportedToNobody) {
  PoolState state({.max_conns = 1, .min_conns = 1});
  const Slot slot = state.connect_for_upkeep();
  const Effects effects = state.connect_failed(slot, refusal());
  EXPECT_THAT(woken_by(effects), IsEmpty());
  EXPECT_EQ(state.stats().upkeep_errors_total, 1U);
  EXPECT_EQ(state.stats().failed_acquire_connect_total, 0U);
  EXPECT_TRUE(state.wants_connections());
}

TEST(PoolStateUpkeep, ItsConnectServesAWaiter) {
  PoolState state({.max_conns = 1, .min_conns = 1});
  const Slot slot = state.connect_for_upkeep();
  Waiter waiter;
  EXPECT_EQ(state.acquire(waiter, at(0ms)).effects.connect, no_slot);
  state.connected(slot, at(1ms), never);
  EXPECT_EQ(waiter.status, Status::granted);
}

TEST(PoolStateUpkeep, DestroysWhatExpiredWhenThereAreMinConnsOrMore) {
  PoolState state({.max_conns = 3, .min_conns = 3});
  const std::vector<Slot> idle = add_idle(state, 3, at(0ms), at(10ms));
  EXPECT_THAT(state.take_expendable(at(10ms) - 1ns), IsEmpty());
  EXPECT_THAT(state.take_expendable(at(10ms)), ElementsAre(idle[0]))
      << "one below min_conns; the others are replaced one by one";
  EXPECT_EQ(state.stats().max_lifetime_destroy_total, 1U);
  EXPECT_EQ(state.acquired(), 1U);
  state.destroyed(idle[0]);
  EXPECT_TRUE(state.wants_connections());
}

TEST(PoolStateUpkeep, DestroysTheLongestIdleDownToMinConns) {
  PoolState state({.max_conns = 4, .min_conns = 2, .max_conn_idle_time = 30min});
  const std::vector<Slot> idle = add_idle(state, 4, at(0ms));
  EXPECT_THAT(state.take_expendable(at(30min) - 1ns), IsEmpty());
  EXPECT_THAT(state.take_expendable(at(30min)), ElementsAre(idle[0], idle[1]));
  EXPECT_EQ(state.stats().max_idle_destroy_total, 2U);
  EXPECT_EQ(state.stats().max_lifetime_destroy_total, 0U);
  EXPECT_EQ(state.stats().idle_conns, 2U);
}

TEST(PoolStateUpkeep, LeavesWhatWasUsedSince) {
  PoolState state({.max_conns = 2, .max_conn_idle_time = 30min});
  const std::vector<Slot> idle = add_idle(state, 2, at(0ms));
  Waiter waiter;
  ASSERT_EQ(state.acquire(waiter, at(20min)).slot, idle[1]);
  state.release(idle[1], at(20min), true);
  EXPECT_THAT(state.take_expendable(at(30min)), ElementsAre(idle[0]));
}

TEST(PoolStateUpkeep, TheFirstConnectionIsOpenedWhenThereIsNone) {
  PoolState state({.max_conns = 2});
  const Slot slot = state.connect_first();
  ASSERT_NE(slot, no_slot);
  EXPECT_EQ(state.connect_first(), no_slot);
  state.connect_failed(slot, refusal());
  EXPECT_EQ(state.stats().upkeep_errors_total, 0U) << "the constructor tells its reason";
  EXPECT_NE(state.connect_first(), no_slot);
  EXPECT_EQ(state.stats().new_conns_total, 2U) << "attempts, failures included";
}

std::uint64_t observations(const PoolStats& stats) {
  const auto& counts = stats.acquire_duration_seconds.counts;
  return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
}

// The bucket that an acquire of this duration is counted in; its upper bound in seconds.
double bucket_of(std::chrono::nanoseconds waited) {
  PoolState state({.max_conns = 1, .overtake_bound = 0ms});
  const Slot slot = lend_new(state, at(0ms));
  const auto before = state.stats().acquire_duration_seconds.counts;
  Waiter waiter;
  state.acquire(waiter, at(1ms));
  state.release(slot, at(1ms) + waited, true);
  const auto after = state.stats().acquire_duration_seconds.counts;
  for (std::size_t i = 0; i < DurationHistogram::bounds.size(); ++i) {
    if (after[i] != before[i]) return DurationHistogram::bounds[i];
  }
  return std::numeric_limits<double>::infinity();
}

TEST(PoolStateCounters, AnAcquireServedAtOnce) {
  PoolState state({.max_conns = 1});
  add_idle(state, 1, at(0ms));
  const PoolStats before = state.stats();
  Waiter waiter;
  ASSERT_EQ(state.acquire(waiter, at(1ms)).kind, Kind::lent);
  const PoolStats after = state.stats();
  EXPECT_EQ(after.acquire_total, before.acquire_total + 1);
  EXPECT_EQ(after.empty_acquire_total, before.empty_acquire_total);
  EXPECT_EQ(after.acquire_duration_seconds.counts[0],
            before.acquire_duration_seconds.counts[0] + 1);
  EXPECT_EQ(after.acquire_duration_seconds.sum_seconds,
            before.acquire_duration_seconds.sum_seconds);
}

TEST(PoolStateCounters, AnAcquireThatConnects) {
  PoolState state({.max_conns = 1});
  Waiter waiter;
  const Slot slot = state.acquire(waiter, at(0ms)).effects.connect;
  EXPECT_EQ(state.stats().acquire_total, 0U);
  EXPECT_EQ(state.stats().new_conns_total, 1U);
  state.connected(slot, at(250ms), never);
  const PoolStats stats = state.stats();
  EXPECT_EQ(stats.acquire_total, 1U);
  EXPECT_EQ(stats.empty_acquire_total, 1U);
  EXPECT_EQ(observations(stats), 1U);
  EXPECT_DOUBLE_EQ(stats.acquire_duration_seconds.sum_seconds, 0.25);
}

TEST(PoolStateCounters, TheDurationCountsFromTheFirstTryOn) {
  PoolState state({.max_conns = 1, .liveness_check_after = 1h, .overtake_bound = 1h});
  const Slot slot = lend_new(state, at(0ms));
  const double before = state.stats().acquire_duration_seconds.sum_seconds;
  Waiter waiter;
  state.acquire(waiter, at(1s));
  state.release(slot, at(2s), true);
  Waiter passing;
  state.acquire(passing, at(2s));
  ASSERT_EQ(state.acquire(waiter, at(3s)).kind, Kind::queued);
  state.release(slot, at(4s), true);
  ASSERT_EQ(state.acquire(waiter, at(5s)).kind, Kind::lent);
  EXPECT_DOUBLE_EQ(state.stats().acquire_duration_seconds.sum_seconds - before, 4.0);
  EXPECT_EQ(observations(state.stats()), state.stats().acquire_total);
}

TEST(PoolStateCounters, BucketsIncludeTheirUpperBound) {
  EXPECT_EQ(bucket_of(0ns), 1e-6);
  EXPECT_EQ(bucket_of(1us), 1e-6);
  EXPECT_EQ(bucket_of(1001ns), 2.5e-6);
  EXPECT_EQ(bucket_of(1ms), 1e-3);
  EXPECT_EQ(bucket_of(30s), 30.0);
  EXPECT_EQ(bucket_of(31s), std::numeric_limits<double>::infinity());
}

TEST(PoolStateCounters, GivingUpWhileWaitingOrConnecting) {
  PoolState state({.max_conns = 1});
  Waiter connecting;
  Waiter waiting;
  state.acquire(connecting, at(0ms));
  state.acquire(waiting, at(0ms));
  state.abandon(waiting);
  state.abandon(connecting);
  const PoolStats stats = state.stats();
  EXPECT_EQ(stats.canceled_acquire_total, 2U);
  EXPECT_EQ(stats.failed_acquire_timeout_total, 2U);
  EXPECT_EQ(stats.acquire_total, 0U);
  EXPECT_EQ(stats.waiters, 0U);
  EXPECT_EQ(observations(stats), 0U);
}

TEST(PoolStateCounters, GaugesAddUp) {
  PoolState state({.max_conns = 4});
  const std::vector<Slot> slots = add_idle(state, 3, at(0ms));
  Waiter lent;
  state.acquire(lent, at(1ms));
  Waiter dying;
  state.acquire(dying, at(1ms));
  state.release(slots[1], at(1ms), false);
  Waiter last_idle;
  state.acquire(last_idle, at(1ms));
  state.release(slots[0], at(1ms), true);
  Waiter taker;
  state.acquire(taker, at(1ms));
  Waiter connecting;
  state.acquire(connecting, at(1ms));
  const PoolStats stats = state.stats();
  EXPECT_EQ(stats.acquired_conns, 3U);  // two lent, one being destroyed
  EXPECT_EQ(stats.constructing_conns, 1U);
  EXPECT_EQ(stats.idle_conns, 0U);
  EXPECT_EQ(stats.total_conns, 4U);
  EXPECT_EQ(stats.max_conns, 4U);
  EXPECT_EQ(stats.waiters, 1U);
}

}  // namespace
}  // namespace qm::pool

// What becomes of a connection that comes back, of all of them at reset and close, and of leaks.
#include <gmock/gmock.h>

#include "pool_states.hpp"

namespace qm::pool {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

TEST(PoolStateRelease, AHealthyConnectionGoesIdle) {
  PoolState state({.max_conns = 1});
  const Slot slot = lend_new(state, at(0ms));
  const Effects effects = state.release(slot, at(1ms), true);
  EXPECT_FALSE(effects.destroy);
  EXPECT_EQ(state.stats().idle_conns, 1U);
  EXPECT_EQ(state.acquired(), 0U);
  EXPECT_FALSE(state.is_lent(slot));
}

TEST(PoolStateRelease, ABrokenConnectionKeepsItsPermitUntilItIsDestroyed) {
  PoolState state({.max_conns = 1});
  const Slot slot = lend_new(state, at(0ms));
  Waiter waiter;
  ASSERT_EQ(state.acquire(waiter, at(1ms)).effects.connect, no_slot);
  const Effects effects = state.release(slot, at(2ms), false);
  EXPECT_TRUE(effects.destroy);
  EXPECT_EQ(effects.connect, no_slot);
  EXPECT_THAT(woken_by(effects), IsEmpty());
  EXPECT_EQ(state.acquired(), 1U) << "being destroyed counts as acquired";
  EXPECT_EQ(state.stats().broken_destroy_total, 1U);

  const Effects after = state.destroyed(slot);
  EXPECT_NE(after.connect, no_slot) << "the permit goes to who waits";
  EXPECT_EQ(state.total(), 1U);
  EXPECT_EQ(state.acquired(), 0U);
}

TEST(PoolStateRelease, AnExpiredConnectionIsDestroyed) {
  PoolState state({.max_conns = 2});
  const Slot young = lend_new(state, at(0ms), at(10ms));
  const Slot old = lend_new(state, at(0ms), at(10ms));
  EXPECT_FALSE(state.release(young, at(10ms) - 1ns, true).destroy);
  EXPECT_TRUE(state.release(old, at(10ms), true).destroy);
  EXPECT_EQ(state.stats().max_lifetime_destroy_total, 1U);
  EXPECT_EQ(state.stats().broken_destroy_total, 0U);
}

TEST(PoolStateRelease, ABrokenOneThatIsAlsoExpiredIsCountedOnce) {
  PoolState state({.max_conns = 1});
  const Slot slot = lend_new(state, at(0ms), at(10ms));
  EXPECT_TRUE(state.release(slot, at(20ms), false).destroy);
  EXPECT_EQ(state.stats().broken_destroy_total, 1U);
  EXPECT_EQ(state.stats().max_lifetime_destroy_total, 0U);
}

TEST(PoolStateRelease, ADestroyedSlotIsUsedAgain) {
  PoolState state({.max_conns = 1});
  const Slot slot = lend_new(state, at(0ms), at(10ms));
  state.release(slot, at(1ms), false);
  state.destroyed(slot);
  EXPECT_EQ(lend_new(state, at(20ms), at(30ms)), slot) << "with another life ahead of it";
  EXPECT_FALSE(state.release(slot, at(21ms), true).destroy);
  EXPECT_EQ(state.slots(), 1U);
}

TEST(PoolStateReset, DestroysTheIdleNowAndTheLentOnReturn) {
  PoolState state({.max_conns = 3});
  const std::vector<Slot> idle = add_idle(state, 3, at(0ms));
  Waiter waiter;
  ASSERT_EQ(state.acquire(waiter, at(1ms)).slot, idle[2]);
  EXPECT_THAT(state.reset(), UnorderedElementsAre(idle[0], idle[1]));
  EXPECT_EQ(state.stats().idle_conns, 0U);
  EXPECT_EQ(state.acquired(), 3U);
  state.destroyed(idle[0]);
  state.destroyed(idle[1]);
  EXPECT_TRUE(state.release(idle[2], at(2ms), true).destroy);
  state.destroyed(idle[2]);
  EXPECT_EQ(state.total(), 0U);
  EXPECT_EQ(state.stats().broken_destroy_total, 0U);
  EXPECT_FALSE(state.is_closed());
}

TEST(PoolStateReset, GivesTheConnectionsBeingOpenedUp) {
  PoolState state({.max_conns = 1});
  Waiter waiter;
  const Slot slot = state.acquire(waiter, at(0ms)).effects.connect;
  EXPECT_THAT(state.reset(), IsEmpty());
  EXPECT_TRUE(state.connected(slot, at(1ms), never).destroy);
  EXPECT_EQ(waiter.status, Status::waiting);
  const Slot again = state.destroyed(slot).connect;
  ASSERT_NE(again, no_slot);
  state.connected(again, at(2ms), never);
  EXPECT_EQ(waiter.status, Status::granted);
  EXPECT_FALSE(state.release(again, at(3ms), true).destroy) << "begun after the reset";
}

TEST(PoolStateClose, RefusesNewWorkAndTellsEveryWaiter) {
  PoolState state({.max_conns = 1});
  const Slot slot = lend_new(state, at(0ms));
  Waiter first;
  Waiter second;
  state.acquire(first, at(1ms));
  state.acquire(second, at(1ms));
  Wakes wake;
  EXPECT_THAT(state.close(wake), IsEmpty());
  EXPECT_THAT(woken_by(wake), ElementsAre(&first.status, &second.status));
  EXPECT_EQ(first.status, Status::closed);
  EXPECT_EQ(second.status, Status::closed);
  EXPECT_TRUE(state.is_closed());

  Waiter late;
  EXPECT_EQ(state.acquire(late, at(2ms)).kind, Kind::closed);
  const PoolStats stats = state.stats();
  EXPECT_EQ(stats.failed_acquire_closed_total, 3U);
  EXPECT_EQ(stats.canceled_acquire_total, 0U);
  EXPECT_EQ(stats.waiters, 0U);
  EXPECT_TRUE(state.release(slot, at(3ms), true).destroy);
  EXPECT_EQ(state.destroyed(slot).connect, no_slot);
  EXPECT_EQ(state.total(), 0U);
}

TEST(PoolStateClose, IsIdempotentAndGivesTheIdleBackOnce) {
  PoolState state({.max_conns = 2});
  const std::vector<Slot> idle = add_idle(state, 2, at(0ms));
  Wakes wake;
  EXPECT_THAT(state.close(wake), UnorderedElementsAre(idle[0], idle[1]));
  EXPECT_EQ(state.acquired(), 2U);
  EXPECT_THAT(state.close(wake), IsEmpty());
  EXPECT_THAT(wake, IsEmpty());
  for (const Slot slot : idle)
    state.destroyed(slot);
  EXPECT_EQ(state.total(), 0U);
}

TEST(PoolStateClose, WhatIsStillBeingOpenedIsDestroyedWhenItIs) {
  PoolState state({.max_conns = 2});
  Waiter waiters[2];
  const Slot opened = state.acquire(waiters[0], at(0ms)).effects.connect;
  const Slot refused = state.acquire(waiters[1], at(0ms)).effects.connect;
  Wakes wake;
  state.close(wake);
  EXPECT_TRUE(state.connected(opened, at(1ms), never).destroy);
  state.destroyed(opened);
  EXPECT_EQ(state.connect_failed(refused, refusal()).connect, no_slot);
  EXPECT_EQ(state.total(), 0U);
  EXPECT_EQ(waiters[1].status, Status::closed) << "the failure has nobody to go to";
  EXPECT_EQ(state.stats().failed_acquire_connect_total, 0U);
}

TEST(PoolStateClose, NothingIsOpenedAfterIt) {
  PoolState state({.max_conns = 2, .min_conns = 2, .min_idle_conns = 2});
  Wakes wake;
  state.close(wake);
  EXPECT_FALSE(state.wants_connections());
  EXPECT_EQ(state.connect_for_upkeep(), no_slot);
  EXPECT_EQ(state.connect_first(), no_slot);
}

TEST(PoolStateLeaks, AreToldOnceForEachLoan) {
  PoolState state({.max_conns = 2, .leak_report_after = 60s});
  const Slot slot = lend_new(state, at(0s));
  const Slot later = lend_new(state, at(30s));
  EXPECT_THAT(state.take_leaks(at(60s) - 1ns), IsEmpty());
  EXPECT_THAT(state.take_leaks(at(60s)), ElementsAre(slot));
  EXPECT_THAT(state.take_leaks(at(61s)), IsEmpty());
  EXPECT_THAT(state.take_leaks(at(90s)), ElementsAre(later));
  EXPECT_EQ(state.stats().leak_reports_total, 2U);

  state.release(slot, at(100s), true);
  Waiter waiter;
  ASSERT_EQ(state.acquire(waiter, at(100s)).slot, slot);
  EXPECT_THAT(state.take_leaks(at(159s)), IsEmpty()) << "counted from the new loan";
  EXPECT_THAT(state.take_leaks(at(160s)), ElementsAre(slot));
}

TEST(PoolStateLeaks, AHandedOverConnectionIsANewLoan) {
  PoolState state({.max_conns = 1, .overtake_bound = 0ms, .leak_report_after = 60s});
  const Slot slot = lend_new(state, at(0s));
  EXPECT_THAT(state.take_leaks(at(70s)), ElementsAre(slot));
  Waiter waiter;
  state.acquire(waiter, at(80s));
  state.release(slot, at(90s), true);
  ASSERT_EQ(waiter.status, Status::granted);
  EXPECT_THAT(state.take_leaks(at(149s)), IsEmpty());
  EXPECT_THAT(state.take_leaks(at(150s)), ElementsAre(slot));
}

TEST(PoolStateLeaks, IdleConnectionsAreNone) {
  PoolState state({.max_conns = 1, .leak_report_after = 60s});
  add_idle(state, 1, at(0s));
  EXPECT_THAT(state.take_leaks(at(1h)), IsEmpty());
}

TEST(PoolStateLeaks, TheNextLookIsWhenTheOldestLoanIsDue) {
  PoolState state({.max_conns = 2, .leak_report_after = 60s});
  EXPECT_EQ(state.next_leak_check(at(0s)), at(60s));
  lend_new(state, at(10s));
  EXPECT_EQ(state.next_leak_check(at(20s)), at(70s));
  state.take_leaks(at(70s));
  EXPECT_EQ(state.next_leak_check(at(70s)), at(130s)) << "the one that was told is done with";
}

TEST(PoolStateLeaks, ZeroIsNever) {
  PoolState state({.max_conns = 1, .leak_report_after = 0s});
  lend_new(state, at(0s));
  EXPECT_THAT(state.take_leaks(at(1000h)), IsEmpty());
  EXPECT_EQ(state.next_leak_check(at(0s)), never);
}

TEST(PoolStateReturn, CountsHowLongItWasLent) {
  PoolState state({.max_conns = 1});
  add_idle(state, 1, at(0ms));
  const std::uint64_t before = state.stats().use_duration_seconds.counts[0];
  Waiter waiter;
  const Acquisition acquisition = state.acquire(waiter, at(10ms));
  Waiter behind;
  state.acquire(behind, at(20ms));
  state.release(acquisition.slot, at(50ms), true);
  ASSERT_EQ(behind.status.load(), Status::granted);
  state.release(acquisition.slot, at(50ms), false);
  const PoolStats stats = state.stats();
  EXPECT_DOUBLE_EQ(stats.use_duration_seconds.sum_seconds, 0.040);
  EXPECT_EQ(stats.use_duration_seconds.counts[0], before + 1) << "the last use took no time";
  EXPECT_DOUBLE_EQ(stats.wait_duration_seconds.sum_seconds, 0.030);
}

}  // namespace
}  // namespace qm::pool

// Who is given which connection, and when: acquire, the queue, overtaking, connects.
#include <gmock/gmock.h>

#include "pool_states.hpp"

namespace qm::pool {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(PoolStateAcquire, AnEmptyPoolConnectsForTheCaller) {
  PoolState state({.max_conns = 2});
  Waiter waiter;
  const Acquisition acquisition = state.acquire(waiter, at(0ms));
  EXPECT_EQ(acquisition.kind, Kind::queued);
  ASSERT_NE(acquisition.effects.connect, no_slot);
  EXPECT_EQ(waiter.status, Status::waiting);
  EXPECT_EQ(state.stats().constructing_conns, 1U);
  EXPECT_EQ(state.stats().waiters, 1U);

  const Effects effects = state.connected(acquisition.effects.connect, at(3ms), never);
  EXPECT_THAT(woken_by(effects), ElementsAre(&waiter.status));
  EXPECT_EQ(waiter.status, Status::granted);
  EXPECT_EQ(waiter.slot, acquisition.effects.connect);
  EXPECT_TRUE(state.is_lent(waiter.slot));
  EXPECT_EQ(state.acquired(), 1U);
  EXPECT_FALSE(state.has_waiters());
}

TEST(PoolStateAcquire, TheMostRecentlyUsedIsLentFirst) {
  PoolState state({.max_conns = 3});
  const std::vector<Slot> idle = add_idle(state, 3, at(0ms));
  for (const Slot expected : {idle[2], idle[1], idle[0]}) {
    Waiter waiter;
    const Acquisition acquisition = state.acquire(waiter, at(1ms));
    EXPECT_EQ(acquisition.kind, Kind::lent);
    EXPECT_EQ(acquisition.slot, expected);
    EXPECT_EQ(acquisition.effects.connect, no_slot);
  }
}

TEST(PoolStateAcquire, AnExpiredConnectionIsDestroyedAndReplaced) {
  PoolState state({.max_conns = 1});
  add_idle(state, 1, at(0ms), at(10ms));
  Waiter waiter;
  const Acquisition expired = state.acquire(waiter, at(10ms));
  ASSERT_EQ(expired.kind, Kind::expired);
  EXPECT_FALSE(state.is_lent(expired.slot));
  EXPECT_EQ(state.stats().max_lifetime_destroy_total, 1U);
  EXPECT_EQ(state.acquired(), 1U) << "its permit is held until it is destroyed";
  state.destroyed(expired.slot);
  EXPECT_EQ(state.total(), 0U);

  const Acquisition again = state.acquire(waiter, at(11ms));
  EXPECT_EQ(again.kind, Kind::queued);
  EXPECT_NE(again.effects.connect, no_slot);
  state.connected(again.effects.connect, at(15ms), never);
  EXPECT_EQ(waiter.status, Status::granted);
  EXPECT_EQ(state.stats().empty_acquire_total, 2U);
}

TEST(PoolStateAcquire, JustBeforeItExpiresItIsLent) {
  PoolState state({.max_conns = 1});
  add_idle(state, 1, at(0ms), at(10ms));
  Waiter waiter;
  EXPECT_EQ(state.acquire(waiter, at(10ms) - 1ns).kind, Kind::lent);
}

TEST(PoolStateAcquire, IdleForLongIsCheckedFirst) {
  PoolState state({.max_conns = 1, .liveness_check_after = 500ms});
  const Slot slot = add_idle(state, 1, at(0ms))[0];
  Waiter early;
  ASSERT_EQ(state.acquire(early, at(499ms)).kind, Kind::lent);
  state.release(slot, at(500ms), true);

  Waiter late;
  const Acquisition acquisition = state.acquire(late, at(1000ms));
  EXPECT_EQ(acquisition.kind, Kind::check);
  EXPECT_EQ(acquisition.slot, slot);
  EXPECT_EQ(state.acquired(), 1U) << "being checked counts as acquired";
  EXPECT_EQ(state.stats().acquire_total, 2U) << "not before the check went well";
  state.checked(late, at(1002ms), 2ms);
  EXPECT_EQ(state.stats().acquire_total, 3U);
  EXPECT_EQ(state.stats().check_duration_seconds.sum_seconds, 0.002);
  EXPECT_EQ(state.stats().empty_acquire_total, 1U) << "a check is neither waiting nor connecting";
}

TEST(PoolStateAcquire, WithoutAPeriodEveryConnectionIsChecked) {
  PoolState state({.max_conns = 1, .liveness_check_after = 0ms});
  add_idle(state, 1, at(0ms));
  Waiter waiter;
  EXPECT_EQ(state.acquire(waiter, at(0ms)).kind, Kind::check);
}

TEST(PoolStateAcquire, AConnectionFoundDeadGivesWayToTheNext) {
  PoolState state({.max_conns = 2, .liveness_check_after = 0ms});
  const std::vector<Slot> idle = add_idle(state, 2, at(0ms));
  Waiter waiter;
  ASSERT_EQ(state.acquire(waiter, at(1ms)).slot, idle[1]);
  state.discard(idle[1]);
  EXPECT_EQ(state.stats().broken_destroy_total, 1U);
  EXPECT_EQ(state.acquired(), 1U);
  state.destroyed(idle[1]);
  const Acquisition next = state.acquire(waiter, at(2ms));
  EXPECT_EQ(next.kind, Kind::check);
  EXPECT_EQ(next.slot, idle[0]);
}

TEST(PoolStateAcquire, WhoFoundADeadConnectionKeepsItsPlace) {
  PoolState state({.max_conns = 1, .liveness_check_after = 0ms, .overtake_bound = 0ms});
  const Slot slot = add_idle(state, 1, at(0ms))[0];
  Waiter first;
  ASSERT_EQ(state.acquire(first, at(1ms)).kind, Kind::check);
  Waiter second;
  ASSERT_EQ(state.acquire(second, at(2ms)).kind, Kind::queued);
  state.discard(slot);
  const Slot connecting = state.destroyed(slot).connect;
  ASSERT_NE(connecting, no_slot) << "for the second, who waits";
  ASSERT_EQ(state.acquire(first, at(3ms)).kind, Kind::queued);
  state.connected(connecting, at(4ms), never);
  EXPECT_EQ(first.status, Status::granted);
  EXPECT_EQ(second.status, Status::waiting);
}

TEST(PoolStateAcquire, NeverMoreThanMaxConns) {
  PoolState state({.max_conns = 2});
  Waiter waiters[3];
  EXPECT_NE(state.acquire(waiters[0], at(0ms)).effects.connect, no_slot);
  EXPECT_NE(state.acquire(waiters[1], at(0ms)).effects.connect, no_slot);
  EXPECT_EQ(state.acquire(waiters[2], at(0ms)).effects.connect, no_slot);
  EXPECT_EQ(state.total(), 2U);
}

TEST(PoolStateWaiters, AreServedInTheirOrder) {
  PoolState state({.max_conns = 1, .overtake_bound = 0ms});
  const Slot slot = lend_new(state, at(0ms));
  Waiter waiters[3];
  for (Waiter& waiter : waiters)
    ASSERT_EQ(state.acquire(waiter, at(1ms)).kind, Kind::queued);
  for (Waiter& waiter : waiters) {
    EXPECT_EQ(waiter.status, Status::waiting);
    EXPECT_THAT(woken_by(state.release(slot, at(2ms), true)), ElementsAre(&waiter.status));
    EXPECT_EQ(waiter.status, Status::granted);
    EXPECT_EQ(waiter.slot, slot);
  }
}

TEST(PoolStateWaiters, ANewConnectionGoesToTheFirstNotToWhomItWasBegunFor) {
  PoolState state({.max_conns = 2});
  Waiter first;
  Waiter second;
  const Slot of_first = state.acquire(first, at(0ms)).effects.connect;
  const Slot of_second = state.acquire(second, at(0ms)).effects.connect;
  state.connected(of_second, at(1ms), never);
  EXPECT_EQ(first.status, Status::granted);
  EXPECT_EQ(first.slot, of_second);
  EXPECT_EQ(second.status, Status::waiting);
  state.connected(of_first, at(2ms), never);
  EXPECT_EQ(second.status, Status::granted);
  EXPECT_EQ(second.slot, of_first);
}

TEST(PoolStateWaiters, WithinTheBoundAReturnedConnectionMayBeTakenByAnyone) {
  PoolState state({.max_conns = 1, .overtake_bound = 1ms});
  const Slot slot = lend_new(state, at(0ms));
  Waiter waiting;
  state.acquire(waiting, at(10ms));
  EXPECT_THAT(woken_by(state.release(slot, at(11ms) - 1ns, true)), ElementsAre(&waiting.status));
  EXPECT_EQ(waiting.status, Status::woken);
  EXPECT_TRUE(state.has_idle());

  Waiter passing;
  EXPECT_EQ(state.acquire(passing, at(11ms) - 1ns).kind, Kind::lent);
  EXPECT_EQ(state.acquire(waiting, at(12ms)).kind, Kind::queued);
  EXPECT_EQ(waiting.status, Status::waiting);
  EXPECT_EQ(waiting.since, at(10ms)) << "it has been overtaken since then";
}

TEST(PoolStateWaiters, FromTheBoundOnConnectionsAreHandedOver) {
  PoolState state({.max_conns = 1, .overtake_bound = 1ms});
  const Slot slot = lend_new(state, at(0ms));
  Waiter waiting;
  state.acquire(waiting, at(10ms));
  state.release(slot, at(11ms), true);
  EXPECT_EQ(waiting.status, Status::granted);
  EXPECT_FALSE(state.has_idle());
}

TEST(PoolStateWaiters, NobodyPassesAWaiterThatIsOverdue) {
  PoolState state({.max_conns = 1, .overtake_bound = 1ms});
  const Slot slot = lend_new(state, at(0ms));
  Waiter waiting;
  state.acquire(waiting, at(10ms));
  state.release(slot, at(10ms), true);
  ASSERT_EQ(waiting.status, Status::woken);
  Waiter passing;
  EXPECT_EQ(state.acquire(passing, at(11ms)).kind, Kind::queued);
  const Acquisition acquisition = state.acquire(waiting, at(12ms));
  EXPECT_EQ(acquisition.kind, Kind::lent);
  EXPECT_EQ(acquisition.slot, slot);
  EXPECT_EQ(waiting.status, Status::outside);
}

TEST(PoolStateWaiters, AWokenWaiterIsGrantedWhatComesBackOnceItIsOverdue) {
  PoolState state({.max_conns = 2, .overtake_bound = 1ms});
  const Slot a = lend_new(state, at(0ms));
  const Slot b = lend_new(state, at(0ms));
  Waiter waiting;
  state.acquire(waiting, at(10ms));
  state.release(a, at(10ms), true);
  ASSERT_EQ(waiting.status, Status::woken);
  state.release(b, at(11ms), true);
  EXPECT_EQ(waiting.status, Status::granted);
  EXPECT_EQ(waiting.slot, b);
  EXPECT_EQ(state.stats().idle_conns, 1U);
}

TEST(PoolStateWaiters, WithABoundOfZeroNobodyIsEverPassed) {
  PoolState state({.max_conns = 1, .overtake_bound = 0ms});
  const Slot slot = lend_new(state, at(0ms));
  Waiter waiting;
  state.acquire(waiting, at(10ms));
  state.release(slot, at(10ms), true);
  EXPECT_EQ(waiting.status, Status::granted);
  Waiter passing;
  EXPECT_EQ(state.acquire(passing, at(10ms)).kind, Kind::queued);
}

TEST(PoolStateWaiters, WhoTakesOneAndLeavesAnotherWakesTheNext) {
  PoolState state({.max_conns = 2, .overtake_bound = 1ms});
  const Slot a = lend_new(state, at(0ms));
  const Slot b = lend_new(state, at(0ms));
  Waiter first;
  Waiter second;
  state.acquire(first, at(10ms));
  state.acquire(second, at(10ms));
  EXPECT_THAT(woken_by(state.release(a, at(10ms), true)), ElementsAre(&first.status));
  EXPECT_THAT(woken_by(state.release(b, at(10ms), true)), IsEmpty()) << "one at a time";
  const Acquisition taken = state.acquire(first, at(10ms));
  EXPECT_EQ(taken.kind, Kind::lent);
  EXPECT_THAT(woken_by(taken.effects), ElementsAre(&second.status));
  EXPECT_EQ(state.acquire(second, at(10ms)).kind, Kind::lent);
}

TEST(PoolStateWaiters, AWokenWaiterThatGivesUpWakesTheNext) {
  PoolState state({.max_conns = 1, .overtake_bound = 1ms});
  const Slot slot = lend_new(state, at(0ms));
  Waiter first;
  Waiter second;
  state.acquire(first, at(10ms));
  state.acquire(second, at(10ms));
  state.release(slot, at(10ms), true);
  ASSERT_EQ(first.status, Status::woken);
  EXPECT_THAT(woken_by(state.abandon(first)), ElementsAre(&second.status));
  EXPECT_EQ(first.status, Status::outside);
  EXPECT_EQ(state.stats().waiters, 1U);
  EXPECT_EQ(state.acquire(second, at(10ms)).kind, Kind::lent);
}

TEST(PoolStateWaiters, OneInTheMiddleMayGiveUp) {
  PoolState state({.max_conns = 1, .overtake_bound = 0ms});
  const Slot slot = lend_new(state, at(0ms));
  Waiter waiters[3];
  for (Waiter& waiter : waiters)
    state.acquire(waiter, at(1ms));
  EXPECT_THAT(woken_by(state.abandon(waiters[1])), IsEmpty());
  state.release(slot, at(2ms), true);
  state.release(slot, at(3ms), true);
  EXPECT_EQ(waiters[0].status, Status::granted);
  EXPECT_EQ(waiters[1].status, Status::outside);
  EXPECT_EQ(waiters[2].status, Status::granted);
}

TEST(PoolStateConnects, GoOnForTheNextWhenTheirCallerGaveUp) {
  PoolState state({.max_conns = 1});
  Waiter first;
  const Slot slot = state.acquire(first, at(0ms)).effects.connect;
  state.abandon(first);
  EXPECT_EQ(state.stats().constructing_conns, 1U);
  Waiter second;
  EXPECT_EQ(state.acquire(second, at(1ms)).effects.connect, no_slot) << "one is on its way";
  state.connected(slot, at(2ms), never);
  EXPECT_EQ(second.status, Status::granted);
}

TEST(PoolStateConnects, GoIdleWhenNobodyIsLeft) {
  PoolState state({.max_conns = 1});
  Waiter waiter;
  const Slot slot = state.acquire(waiter, at(0ms)).effects.connect;
  state.abandon(waiter);
  EXPECT_FALSE(state.connected(slot, at(2ms), never).destroy);
  EXPECT_EQ(state.stats().idle_conns, 1U);
  EXPECT_EQ(state.stats().acquired_conns, 0U);
}

TEST(PoolStateConnects, AFailureIsTheErrorOfItsCallerAlone) {
  PoolState state({.max_conns = 2});
  Waiter first;
  Waiter second;
  state.acquire(first, at(0ms));
  const Slot of_second = state.acquire(second, at(0ms)).effects.connect;
  const auto failure = refusal();
  const Effects effects = state.connect_failed(of_second, failure);
  EXPECT_THAT(woken_by(effects), ElementsAre(&second.status));
  EXPECT_EQ(effects.connect, no_slot) << "the first has its own";
  EXPECT_EQ(second.status, Status::refused);
  EXPECT_EQ(second.failure, failure);
  EXPECT_EQ(first.status, Status::waiting);
  EXPECT_EQ(state.stats().failed_acquire_connect_total, 1U);
  EXPECT_EQ(state.stats().canceled_acquire_total, 0U);
  EXPECT_EQ(state.total(), 1U);
}

TEST(PoolStateConnects, AFailureLeavesItsPermitToTheNextWaiter) {
  PoolState state({.max_conns = 1});
  Waiter first;
  Waiter second;
  const Slot slot = state.acquire(first, at(0ms)).effects.connect;
  ASSERT_EQ(state.acquire(second, at(0ms)).effects.connect, no_slot);
  const Effects effects = state.connect_failed(slot, refusal());
  EXPECT_NE(effects.connect, no_slot);
  EXPECT_EQ(second.connect, effects.connect);
  EXPECT_EQ(state.total(), 1U);
}

TEST(PoolStateConnects, AFailureWithoutACallerIsTriedAgainForWhoWaits) {
  PoolState state({.max_conns = 1});
  Waiter first;
  const Slot slot = state.acquire(first, at(0ms)).effects.connect;
  state.abandon(first);
  Waiter second;
  state.acquire(second, at(1ms));
  const Effects effects = state.connect_failed(slot, refusal());
  EXPECT_EQ(second.status, Status::waiting);
  EXPECT_NE(effects.connect, no_slot);
  EXPECT_EQ(state.stats().failed_acquire_connect_total, 0U);
}

TEST(PoolStateConnects, AreBegunForThoseWhomOvertakingLeftWithoutAnIdleOne) {
  PoolState state({.max_conns = 10, .overtake_bound = 1ms});
  const Slot a = lend_new(state, at(0ms));
  const Slot b = lend_new(state, at(0ms));
  Waiter first;
  const Slot connecting = state.acquire(first, at(10ms)).effects.connect;
  state.release(a, at(10ms), true);
  state.release(b, at(10ms), true);
  // The first has not fetched one of the two yet: for those behind it there is one each.
  Waiter second;
  Waiter third;
  EXPECT_EQ(state.acquire(second, at(11ms)).effects.connect, no_slot);
  EXPECT_EQ(state.acquire(third, at(11ms)).effects.connect, no_slot);
  state.connected(connecting, at(11ms), never);
  ASSERT_EQ(first.status, Status::granted);
  ASSERT_EQ(second.status, Status::woken);

  // Now others take what was theirs, and permits are free.
  Waiter passing[2];
  std::vector<Slot> connects;
  for (Waiter& waiter : passing) {
    const Acquisition taken = state.acquire(waiter, at(11ms));
    ASSERT_EQ(taken.kind, Kind::lent);
    connects.push_back(taken.effects.connect);
  }
  connects.push_back(state.acquire(second, at(11ms)).effects.connect);
  std::erase(connects, no_slot);
  EXPECT_EQ(connects.size(), 2U) << "the third may have to wait for ever";
}

}  // namespace
}  // namespace qm::pool

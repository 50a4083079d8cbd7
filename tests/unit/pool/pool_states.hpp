// Pools in a given state, for the tests of PoolState: hand-made time points, no clock, no server.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <vector>

#include "pool/failure.hpp"
#include "pool/pool_state.hpp"

namespace qm::pool {

using namespace std::chrono_literals;

using Status = Waiter::Status;
using Kind = Acquisition::Kind;

inline constexpr TimePoint never = TimePoint::max();

// A time on the tests' clock, which is no real one.
inline TimePoint at(std::chrono::nanoseconds since_start) {
  return TimePoint{} + std::chrono::hours{24} + since_start;
}

// The statuses whose waiters are to be woken.
using Wakes = std::vector<Wake>;
template <class All>
std::vector<const std::atomic<Status>*> woken_by(const All& wakes) {
  std::vector<const std::atomic<Status>*> all;
  for (const Wake& wake : wakes) {
    if (wake.status != nullptr) all.push_back(wake.status);
  }
  return all;
}
inline std::vector<const std::atomic<Status>*> woken_by(const Effects& effects) {
  return woken_by(effects.wake);
}

// A connection that is opened for the caller and lent to it. Nobody must be waiting.
inline Slot lend_new(PoolState& state, TimePoint now, TimePoint expires_at = never) {
  Waiter waiter;
  const Acquisition acquisition = state.acquire(waiter, now);
  EXPECT_EQ(acquisition.kind, Kind::queued);
  EXPECT_NE(acquisition.effects.connect, no_slot);
  state.connected(acquisition.effects.connect, now, expires_at);
  EXPECT_EQ(waiter.status, Status::granted);
  return waiter.slot;
}

// New idle connections, the longest idle first.
inline std::vector<Slot> add_idle(PoolState& state, int count, TimePoint now,
                                  TimePoint expires_at = never) {
  std::vector<Slot> slots;
  for (int i = 0; i < count; ++i)
    slots.push_back(lend_new(state, now, expires_at));
  for (const Slot slot : slots)
    EXPECT_FALSE(state.release(slot, now, true).destroy);
  return slots;
}

inline std::shared_ptr<const ConnectFailure> refusal() {
  return std::make_shared<const ConnectFailure>(
      ConnectFailure{.report = {.object = "localhost:5432", .problem = "connection refused"}});
}

}  // namespace qm::pool

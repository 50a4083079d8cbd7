// Waiting for descriptors: until ready or the deadline, and what a deadline in the past means.
#include "pool/wait.hpp"

#include <gtest/gtest.h>

#include "pool/event_fd.hpp"

namespace qm::pool {
namespace {

using namespace std::chrono_literals;

TEST(WaitForDescriptor, IsOverWhenItIsReady) {
  EventFd event;
  event.signal();
  EXPECT_EQ(wait(event.get(), Wait::read, Clock::now() + 1h), Readiness::ready);
  EXPECT_EQ(wait(event.get(), Wait::read, never), Readiness::ready);
  EXPECT_EQ(wait(event.get(), Wait::read_or_write, never), Readiness::ready);
}

TEST(WaitForDescriptor, EndsAtItsDeadlineAndNotBefore) {
  const EventFd event;
  const Deadline deadline = Clock::now() + 5ms;
  EXPECT_EQ(wait(event.get(), Wait::read, deadline), Readiness::timed_out);
  EXPECT_GE(Clock::now(), deadline);
}

TEST(WaitForDescriptor, LooksOnceAfterItsDeadline) {
  EventFd event;
  EXPECT_EQ(wait(event.get(), Wait::read, Clock::now() - 1h), Readiness::timed_out);
  event.signal();
  EXPECT_EQ(wait(event.get(), Wait::read, Clock::now() - 1h), Readiness::ready_late);
}

TEST(WaitForDescriptor, LeavesFailuresToTheNextRead) {
  EXPECT_EQ(wait(1 << 20, Wait::read, never), Readiness::ready) << "no such descriptor";
}

TEST(Deadlines, BeyondTheClockAreNever) {
  EXPECT_EQ(after(std::chrono::nanoseconds::max()), never);
  const Deadline now = Clock::now();
  EXPECT_EQ(after(5ms, now), now + 5ms);
}

}  // namespace
}  // namespace qm::pool

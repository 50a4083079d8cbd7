// See wait.hpp.
#include "pool/wait.hpp"

#include <poll.h>

#include <cerrno>

namespace qm::pool {

Deadline after(std::chrono::nanoseconds duration, Deadline now) noexcept {
  return duration >= never - now ? never : now + duration;
}

Timeout::Timeout(Deadline deadline) noexcept {
  if (deadline == never) {
    unlimited_ = true;
    return;
  }
  const auto left = std::max<std::chrono::nanoseconds>(deadline - Clock::now(), {});
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(left);
  left_.tv_sec = static_cast<time_t>(seconds.count());
  left_.tv_nsec = static_cast<long>((left - seconds).count());
}

short poll_events(Wait wanted) noexcept {
  switch (wanted) {
    case Wait::read:
      return POLLIN;
    case Wait::write:
      return POLLOUT;
    case Wait::read_or_write:
      return POLLIN | POLLOUT;
    case Wait::done:
      break;
  }
  return 0;
}

Readiness wait(int fd, Wait wanted, Deadline deadline) noexcept {
  pollfd entry{fd, poll_events(wanted), 0};
  for (;;) {
    // ppoll() for its nanoseconds: a deadline must not be overshot by poll()'s whole milliseconds.
    const Timeout timeout(deadline);
    const int ready = ::ppoll(&entry, 1, timeout.get(), nullptr);
    if (ready > 0) return timeout.is_over() ? Readiness::ready_late : Readiness::ready;
    if (ready == 0 && Clock::now() >= deadline) return Readiness::timed_out;
    // Any other failure shows at the next read or write of the descriptor.
    if (ready < 0 && errno != EINTR) return Readiness::ready;
  }
}

}  // namespace qm::pool

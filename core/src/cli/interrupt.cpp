#include "cli/interrupt.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdint>

namespace qm::cli {
namespace {

volatile std::sig_atomic_t flag = 0;
int event = -1;

// Only async-signal-safe calls (signal-safety(7)).
void on_signal(int number) {
  if (flag != 0) ::_exit(128 + number);
  flag = 1;
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(event, &one, sizeof one);
}

}  // namespace

void install_interrupt_handlers() {
  if (event >= 0) return;
  event = ::eventfd(0, EFD_CLOEXEC);
  struct sigaction action {};
  action.sa_handler = on_signal;
  ::sigemptyset(&action.sa_mask);
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
}

bool interrupted() noexcept {
  return flag != 0;
}

void wait_for_interrupt() {
  pollfd descriptor{event, POLLIN, 0};
  while (flag == 0 && (::poll(&descriptor, 1, -1) >= 0 || errno == EINTR)) {
  }
}

}  // namespace qm::cli

// Threads of the library's own: they take no signals, which belong to the application's threads.
#pragma once

#include <signal.h>

#include <thread>
#include <utility>

namespace qm::pool {

// Throws std::system_error when there can be no further thread.
template <class Function>
std::thread background_thread(Function&& function) {
  sigset_t all{};
  sigset_t before{};
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  struct Restore {
    const sigset_t& mask;
    ~Restore() { pthread_sigmask(SIG_SETMASK, &mask, nullptr); }
  } restore{before};
  return std::thread(std::forward<Function>(function));
}

}  // namespace qm::pool

// An acquire that finds an idle connection, and its release, stay out of the kernel: a filter on
// the thread catches whatever goes there. Not in builds with sanitizers, which go there on their
// own.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#include <gtest/gtest.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <thread>

#include "pools.hpp"

namespace qm::test {
namespace {

std::atomic<int> caught{0};

// The call fails with what the kernel left in the result register; the thread goes on.
void count_call(int) {
  caught.fetch_add(1, std::memory_order_relaxed);
}

// From now on each system call of this thread is caught, but for those that end it.
bool catch_system_calls() {
  constexpr auto allow = [](std::uint32_t number) {
    return std::array{
        sock_filter(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1)),
        sock_filter(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)),
    };
  };
  std::vector<sock_filter> filter{BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr))};
  // What a thread ends with.
  const std::vector<std::uint32_t> allowed{SYS_exit,    SYS_rt_sigreturn, SYS_rt_sigprocmask,
                                           SYS_madvise, SYS_munmap,       SYS_mmap};
  for (const std::uint32_t number : allowed) {
    for (const sock_filter& step : allow(number))
      filter.push_back(step);
  }
  filter.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRAP));
  const sock_fprog program{static_cast<unsigned short>(filter.size()), filter.data()};
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

TEST(SystemCalls, AreNoneInAnAcquireThatFindsAConnection) {
  const TestDatabase database;
  DatabaseConfig config = settings(database.url(), 2);
  config.liveness_check_after = std::chrono::minutes(1);
  Pool pool(pool_config(config));
  struct sigaction action {};
  action.sa_handler = count_call;
  struct sigaction before {};
  ASSERT_EQ(sigaction(SIGSYS, &action, &before), 0);
  bool installed = false;
  int seen_itself = 0;
  int seen = 0;
  std::thread caller([&] {
    for (int i = 0; i < 10; ++i)
      pool.acquire().release();
    installed = catch_system_calls();
    if (!installed) return;
    syscall(SYS_getppid);
    seen_itself = caught.exchange(0);
    for (int i = 0; i < 10'000; ++i)
      pool.acquire().release();
    seen = caught.load();
  });
  caller.join();
  sigaction(SIGSYS, &before, nullptr);
  ASSERT_TRUE(installed) << "prctl: " << errno;
  EXPECT_EQ(seen_itself, 1) << "the filter works";
  EXPECT_EQ(seen, 0);
  EXPECT_EQ(pool.stats().acquire_total, 10'010U);
}

}  // namespace
}  // namespace qm::test
#endif

// Deadlines and cancellations of asynchronous calls, at every point where they wait: the caller
// hears of it, the connection can go on, and nothing else is hit.
#include <boost/asio/experimental/awaitable_operators.hpp>

#include "event_loop.hpp"

namespace qm::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class AsyncCancellation : public AsyncPool {
 protected:
  AsyncCancellation() : AsyncPool(1) {}

  int pid() { return std::stoi(run(io, ask("select pg_backend_pid()::text"))); }

  // Runs the loop until nothing is left to do.
  void finish() {
    io.restart();
    io.run();
  }

  asio::cancellation_signal signal;
};

TEST_F(AsyncCancellation, ByDeadlineKeepsTheConnection) {
  const int before = pid();
  const auto began = Clock::now();
  auto future =
      async_execute(db.with_timeout(30ms), "select pg_sleep(60)", {}, asio::use_future, "nap");
  finish();
  try {
    future.get();
    FAIL() << "slept";
  } catch (const QueryTimeout& error) {
    EXPECT_THAT(error.what(), HasSubstr("nap: deadline passed; the statement was cancelled"));
  }
  EXPECT_LT(Clock::now() - began, 30s);
  EXPECT_EQ(pid(), before);
}

TEST_F(AsyncCancellation, OfAStatementIsCallCancelled) {
  const int before = pid();
  auto future = async_execute(db, "select pg_sleep(60)", {},
                              asio::bind_cancellation_slot(signal.slot(), asio::use_future), "nap");
  io.restart();
  const auto admin = connect(database.url());
  ASSERT_TRUE(becomes(*admin,
                      "select count(*) from pg_stat_activity where query like '%sleep(60)%' "
                      "and pid = " +
                          std::to_string(before) + " and state = 'active'",
                      "1"));
  signal.emit(asio::cancellation_type::total);
  io.run_for(20ms);
  EXPECT_NE(future.wait_for(0s), std::future_status::ready) << "its effects cannot be ruled out";
  signal.emit(asio::cancellation_type::terminal);
  finish();
  try {
    future.get();
    FAIL() << "slept";
  } catch (const CallCancelled& error) {
    EXPECT_THAT(error.what(), HasSubstr("nap: the caller gave up; the statement was cancelled"));
  }
  EXPECT_EQ(pid(), before);
}

TEST_F(AsyncCancellation, OfAWaitLeavesTheQueue) {
  auto held = pool.acquire();
  auto first = async_acquire(db, asio::bind_cancellation_slot(signal.slot(), asio::use_future));
  auto second = async_acquire(db, asio::use_future);
  EXPECT_EQ(pool.stats().waiters, 2U);
  signal.emit(asio::cancellation_type::total);
  io.poll();
  EXPECT_THROW(first.get(), CallCancelled);
  EXPECT_EQ(pool.stats().waiters, 1U);
  EXPECT_EQ(pool.stats().canceled_acquire_total, 1U);
  EXPECT_EQ(pool.stats().failed_acquire_timeout_total, 0U);
  held.release();
  finish();
  EXPECT_TRUE(second.get());
}

TEST_F(AsyncCancellation, OfTheSlowerOfTwoIsWhatEndsIt) {
  using namespace asio::experimental::awaitable_operators;
  Pool two(pool_config(settings(database.url(), 2)));
  const AsyncExecutor on(two, io.get_executor());
  const auto race = [&]() -> awaitable<std::size_t> {
    const auto winner = co_await (async_execute(on, "select pg_sleep(60)", {}, use_awaitable) ||
                                  async_execute(on, "select 1", {}, use_awaitable));
    co_return winner.index();
  };
  EXPECT_EQ(run(io, race()), 1U);
  EXPECT_EQ(two.stats().acquired_conns, 0U);
  EXPECT_EQ(two.stats().broken_destroy_total, 0U);
}

// The call is cancelled after each number of steps that its loop can take until it is over.
// Whatever the moment: it completes once, with a result or CallCancelled; the row is there exactly
// when the call says so or was cancelled too late to know; the connection does what is asked next.
TEST_F(AsyncCancellation, AtEveryStepLeavesAUsablePool) {
  connect(database.url())->execute("create table t (i int)");
  const auto insert = registered("Insert", "insert into t values (1) returning i");
  bool was_over = false;
  int cancelled = 0;
  for (int steps = 0; !was_over; ++steps) {
    ASSERT_LT(steps, 1000);
    // Prepared anew, and behind somebody else, so that there is more to be interrupted.
    pool.reset();
    auto held = pool.acquire();
    asio::cancellation_signal stop;
    int completed = 0;
    bool succeeded = false;
    async_execute(db, *insert, {},
                  asio::bind_cancellation_slot(
                      stop.slot(), [&](const std::exception_ptr& error, const Result& result) {
                        ++completed;
                        succeeded = !error;
                        if (error) {
                          ++cancelled;
                          EXPECT_THROW(std::rethrow_exception(error), CallCancelled);
                        } else {
                          EXPECT_EQ(result.rows(), 1);
                        }
                      }));
    held.release();
    io.restart();
    for (int i = 0; i < steps && completed == 0; ++i)
      io.run_one_for(1s);
    was_over = completed > 0;
    stop.emit(asio::cancellation_type::all);
    finish();
    ASSERT_EQ(completed, 1) << "cancelled after " << steps;
    const auto admin = connect(database.url());
    const std::string rows = column(*admin,
                                    "with gone as (delete from t returning 1) "
                                    "select count(*) from gone");
    if (succeeded) {
      EXPECT_EQ(rows, "1");
    } else {
      EXPECT_EQ(rows, "0") << "cancelled after " << steps;
    }
    EXPECT_EQ(run(io, ask("select 'usable'")), "usable");
    const PoolStats stats = pool.stats();
    EXPECT_EQ(stats.acquired_conns, 0U);
    EXPECT_EQ(stats.waiters, 0U);
  }
  EXPECT_GT(cancelled, 0);
}

TEST_F(AsyncCancellation, OfACoroutineRollsItsTransactionBack) {
  connect(database.url())->execute("create table t (i int)");
  const int before = pid();
  bool began = false;
  const auto work = [&]() -> awaitable<void> {
    co_await async_transact(db, [&](const AsyncTransaction& transaction) -> awaitable<void> {
      co_await async_execute(transaction, "insert into t values (1)", {}, use_awaitable);
      began = true;
      co_await async_execute(transaction, "select pg_sleep(60)", {}, use_awaitable);
    });
  };
  auto future =
      asio::co_spawn(io, work(), asio::bind_cancellation_slot(signal.slot(), asio::use_future));
  io.restart();
  while (!began)
    io.run_one();
  signal.emit(asio::cancellation_type::terminal);
  finish();
  EXPECT_THROW(future.get(), CallCancelled);
  EXPECT_EQ(run(io, ask("select count(*)::text from t")), "0");
  EXPECT_EQ(pid(), before);
}

}  // namespace
}  // namespace qm::test

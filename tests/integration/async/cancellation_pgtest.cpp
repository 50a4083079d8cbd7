// Deadlines and cancellations of asynchronous calls, at every point where they wait: the caller
// hears of it, the connection can go on, and nothing else is hit.
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <functional>
#include <quartermaster/pipeline.hpp>

#include "event_loop.hpp"

namespace qm::test {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
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

class AsyncCancellationAtEveryStep : public AsyncCancellation {
 protected:
  using Done = std::function<void(const std::exception_ptr&)>;

  // Asio ends a coroutine between two calls with an error of its own.
  static bool is_cancellation(const std::exception_ptr& thrown) {
    try {
      std::rethrow_exception(thrown);
    } catch (const CallCancelled&) {
      return true;
    } catch (const boost::system::system_error& error) {
      return error.code() == asio::error::operation_aborted;
    }
  }

  // `start` begins what adds so many rows; it is cancelled after no step of the loop, after one,
  // and so on, until it is over before. Cancelled, it may have left so many behind.
  void cancel_at_every_step(int rows,
                            const std::function<void(asio::cancellation_slot, const Done&)>& start,
                            const std::vector<int>& left_behind = {0}) {
    const auto admin = connect(database.url());
    admin->execute("create table t (i int)");
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
      start(stop.slot(), [&](const std::exception_ptr& error) {
        ++completed;
        succeeded = !error;
        if (!error) return;
        ++cancelled;
        EXPECT_TRUE(is_cancellation(error));
      });
      held.release();
      io.restart();
      for (int i = 0; i < steps && completed == 0; ++i)
        io.run_one_for(1s);
      was_over = completed > 0;
      stop.emit(asio::cancellation_type::all);
      finish();
      ASSERT_EQ(completed, 1) << "cancelled after " << steps;
      const int added = std::stoi(
          column(*admin, "with gone as (delete from t returning 1) select count(*) from gone"));
      EXPECT_THAT(succeeded ? std::vector{rows} : left_behind, Contains(added))
          << "cancelled after " << steps;
      EXPECT_EQ(run(io, ask("select 'usable'")), "usable");
      const PoolStats stats = pool.stats();
      EXPECT_EQ(stats.acquired_conns, 0U);
      EXPECT_EQ(stats.waiters, 0U);
    }
    EXPECT_GT(cancelled, 0);
  }

  const std::unique_ptr<RegisteredQuery> insert =
      registered("Insert", "insert into t values (1) returning i");
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
                      "select count(*) from pg_stat_activity where datname = current_database() "
                      "and query like '%sleep(60)%' "
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
// Whatever the moment: it completes once, with a result or CallCancelled; the rows are there
// exactly when the call says so; the connection does what is asked next.
TEST_F(AsyncCancellationAtEveryStep, OfACall) {
  cancel_at_every_step(1, [&](asio::cancellation_slot slot, const Done& done) {
    async_execute(db, *insert, {},
                  asio::bind_cancellation_slot(slot, [done](const std::exception_ptr& error,
                                                            const Result&) { done(error); }));
  });
}

TEST_F(AsyncCancellationAtEveryStep, OfATransaction) {
  cancel_at_every_step(2, [&](asio::cancellation_slot slot, const Done& done) {
    const auto work = [this]() -> awaitable<void> {
      co_await async_transact(db, [&](const AsyncTransaction& transaction) -> awaitable<void> {
        co_await async_execute(transaction, *insert, {}, use_awaitable);
        co_await async_execute(transaction, *insert, {}, use_awaitable);
      });
    };
    asio::co_spawn(io, work, asio::bind_cancellation_slot(slot, done));
  });
}

TEST_F(AsyncCancellationAtEveryStep, OfARequestInThePipeline) {
  PipelinedExecutor pipeline(pool, io.get_executor(), {.connections = 1});
  const AsyncExecutor on(pipeline, io.get_executor());
  cancel_at_every_step(
      1,
      [&](asio::cancellation_slot slot, const Done& done) {
        async_execute(on, *insert, {},
                      asio::bind_cancellation_slot(slot, [done](const std::exception_ptr& error,
                                                                const Result&) { done(error); }));
      },
      {0, 1});  // it does not wait to learn what came of it
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

// Asynchronous calls: every kind of completion token, results and errors as the blocking calls
// give them, many at a time on few connections.
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>
#include <thread>

#include "event_loop.hpp"

namespace qm::test {
namespace {

using namespace std::chrono_literals;
using namespace asio::experimental::awaitable_operators;
using testing::HasSubstr;

class AsyncCalls : public AsyncPool {};

TEST_F(AsyncCalls, TakeCallbacksFuturesAndCoroutines) {
  std::string by_callback;
  async_execute(db, "select 'callback'", {}, [&](const std::exception_ptr& error, Result result) {
    EXPECT_EQ(error, nullptr);
    by_callback = text(result);
  });
  EXPECT_EQ(by_callback, "") << "completed within the initiating function";
  auto future = async_execute(db, "select 'future'", {}, asio::use_future);
  EXPECT_EQ(run(io, ask("select 'coroutine'")), "coroutine");
  EXPECT_EQ(by_callback, "callback");
  EXPECT_EQ(text(future.get()), "future");
}

TEST_F(AsyncCalls, CopyTheirParameters) {
  std::string value = "first";
  std::future<Result> future;
  {
    ParamBuffer<2> params;
    encode_as(params, 25, std::string_view(value));
    encode_as(params, 23, std::optional<std::int32_t>());
    future = async_execute(db, "select $1::text || coalesce($2::text, '!')", params.view(),
                           asio::use_future);
  }
  value = "other";
  io.run();
  EXPECT_EQ(text(future.get()), "first!");
}

TEST_F(AsyncCalls, ThrowWhatTheBlockingOnesThrow) {
  EXPECT_THROW(run(io, ask("select 1/0")), ServerError);
  EXPECT_THROW(run(io, ask("select")), DecodeError) << "no column to read, but no hang either";
  EXPECT_THROW(run(io, ask(std::string("select 1\0", 9))), DecodeError);
  const auto query = registered("Lost", "select 1");
  auto unavailable = *query;
  unavailable.unavailable = "not here";
  auto refused = async_execute(db, unavailable, {}, asio::use_future);
  auto lost =
      async_execute(db, "select pg_terminate_backend(pg_backend_pid())", {}, asio::use_future);
  io.restart();
  io.run();
  EXPECT_THROW(refused.get(), QueryUnavailable);
  EXPECT_THROW(lost.get(), Error);
  EXPECT_EQ(run(io, ask("select 'on'")), "on");
}

TEST_F(AsyncCalls, ManyShareFewConnections) {
  const auto query = registered("Twice", "select $1::int4 * 2");
  constexpr int calls = 500;
  int sum = 0;
  int done = 0;
  for (int i = 0; i < calls; ++i) {
    ParamBuffer<1> params;
    encode_as(params, 23, i);
    async_execute(db, *query, params.view(), [&](const std::exception_ptr& error, Result result) {
      ASSERT_EQ(error, nullptr);
      sum += decode_field<std::int32_t>(result, 0, 0);
      ++done;
    });
  }
  io.run();
  EXPECT_EQ(done, calls);
  EXPECT_EQ(sum, calls * (calls - 1));
  const PoolStats stats = pool.stats();
  EXPECT_LE(stats.new_conns_total, 2U);
  EXPECT_EQ(stats.acquire_total, static_cast<std::uint64_t>(calls));
  EXPECT_EQ(stats.waiters, 0U);
}

TEST_F(AsyncCalls, RunOnManyThreadsAtOnce) {
  asio::thread_pool threads(4);
  const AsyncExecutor on_threads(pool, threads.get_executor());
  std::atomic<int> sum = 0;
  const auto work = [&]() -> awaitable<void> {
    for (int i = 0; i < 100; ++i) {
      const Result result = co_await async_execute(on_threads, "select 1", {}, use_awaitable);
      sum += decode_field<std::int32_t>(result, 0, 0);
    }
  };
  for (int i = 0; i < 8; ++i)
    asio::co_spawn(asio::make_strand(threads), work(), asio::detached);
  threads.join();
  EXPECT_EQ(sum, 800);
}

TEST_F(AsyncCalls, CompleteOnTheHandlersExecutor) {
  asio::thread_pool threads(1);
  std::promise<std::thread::id> seen;
  async_execute(db, "select 1", {},
                asio::bind_executor(threads, [&](const std::exception_ptr&, const Result&) {
                  seen.set_value(std::this_thread::get_id());
                }));
  io.run();
  auto future = seen.get_future();
  EXPECT_NE(future.get(), std::this_thread::get_id());
  threads.join();
}

TEST_F(AsyncCalls, ShareTheConnectionsWithBlockingOnes) {
  const auto query = registered("One", "select 1");
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(pool.execute(*query, {}).rows(), 1);
    auto future = async_execute(db, *query, {}, asio::use_future);
    io.restart();
    io.run();
    EXPECT_EQ(future.get().rows(), 1);
  }
  EXPECT_EQ(pool.stats().new_conns_total, 1U);
}

TEST_F(AsyncCalls, SurviveALoopThatEnds) {
  for (int i = 0; i < 3; ++i) {
    asio::io_context other;
    const AsyncExecutor on_other(pool, other.get_executor());
    EXPECT_EQ(
        run(other,
            [&]() -> awaitable<std::string> {
              co_return text(co_await async_execute(on_other, "select 'x'", {}, use_awaitable));
            }()),
        "x");
  }
  EXPECT_EQ(run(io, ask("select 'y'")), "y");
  EXPECT_EQ(pool.stats().new_conns_total, 1U) << "the connection was kept";
}

// Handlers that are never called, because their loop is gone: nothing stays lent.
TEST_F(AsyncCalls, AreDroppedWithTheirLoop) {
  {
    asio::io_context other;
    const AsyncExecutor on_other(pool, other.get_executor());
    for (int i = 0; i < 6; ++i)
      async_execute(on_other, "select pg_sleep(60)", {}, asio::detached);
    while (pool.stats().acquired_conns < 2)
      other.run_one();
    EXPECT_EQ(pool.stats().waiters, 4U);
  }
  EXPECT_TRUE(becomes_true([&] { return pool.stats().acquired_conns == 0; }));
  EXPECT_EQ(pool.stats().waiters, 0U);
  EXPECT_EQ(run(io, ask("select 'free'")), "free");
}

TEST_F(AsyncCalls, RunTogether) {
  const auto both = [&]() -> awaitable<std::string> {
    const auto [one, two] = co_await (ask("select 'a' from pg_sleep(0.01)") && ask("select 'b'"));
    co_return one + two;
  };
  EXPECT_EQ(run(io, both()), "ab");
}

TEST_F(AsyncCalls, OfAConnectionNeedNoPool) {
  const auto connection = connect(database.url());
  const AsyncExecutor on(*connection, io.get_executor());
  const auto script = [&]() -> awaitable<std::string> {
    co_await async_execute_script(on, "create temp table t (i int); insert into t values (7)",
                                  use_awaitable);
    co_return text(co_await async_execute(on, "select i::text from t", {}, use_awaitable));
  };
  EXPECT_EQ(run(io, script()), "7");
}

TEST_F(AsyncCalls, AcquireAConnectionToKeep) {
  const auto keep = [&]() -> awaitable<void> {
    const PooledConnection held = co_await async_acquire(db, use_awaitable);
    EXPECT_EQ(pool.stats().acquired_conns, 1U);
    EXPECT_EQ(text(co_await async_execute(db.on(*held), "select 'mine'", {}, use_awaitable)),
              "mine");
  };
  run(io, keep());
  EXPECT_EQ(pool.stats().acquired_conns, 0U);
}

TEST_F(AsyncCalls, GiveUpWaitingInTime) {
  const auto one = pool.acquire();
  const auto two = pool.acquire();
  auto late = async_acquire(db.with_timeout(20ms), asio::use_future);
  io.run();
  try {
    late.get();
    FAIL() << "lent a connection that nobody gave back";
  } catch (const AcquireTimeout& error) {
    EXPECT_THAT(error.what(), HasSubstr("2 of 2 in use"));
  }
  EXPECT_EQ(pool.stats().failed_acquire_timeout_total, 1U);
}

TEST_F(AsyncCalls, HearThatThePoolIsClosed) {
  auto held = std::make_optional(pool.acquire());
  auto other = std::make_optional(pool.acquire());
  auto waiting = async_acquire(db, asio::use_future);
  std::thread closing([&] { pool.close(1min); });
  io.run();
  EXPECT_THROW(waiting.get(), PoolClosed);
  held.reset();
  other.reset();
  closing.join();
  auto late = async_acquire(db, asio::use_future);
  io.restart();
  io.run();
  EXPECT_THROW(late.get(), PoolClosed);
}

TEST_F(AsyncCalls, CheckWhatWasIdleForLong) {
  DatabaseConfig config = settings(database.url(), 1);
  config.liveness_check_after = 0ms;
  Pool checked(pool_config(config));
  const AsyncExecutor on(checked, io.get_executor());
  const auto pid = [&]() -> awaitable<std::string> {
    co_return text(co_await async_execute(on, "select pg_backend_pid()::text", {}, use_awaitable));
  };
  const std::string first = run(io, pid());
  EXPECT_EQ(run(io, pid()), first);
  terminate(database.url(), std::stoi(first));
  EXPECT_NE(run(io, pid()), first);
}

TEST_F(AsyncCalls, AskTheHookBeforeTheyUseAConnection) {
  int asked = 0;
  PoolConfig config = pool_config(settings(database.url(), 2));
  config.hooks.before_acquire = [&](Connection&) { return ++asked > 1; };
  Pool picky(config);
  const AsyncExecutor on(picky, io.get_executor());
  auto future = async_execute(on, "select 1", {}, asio::use_future);
  io.run();
  EXPECT_EQ(future.get().rows(), 1);
  EXPECT_EQ(asked, 2);
}

}  // namespace
}  // namespace qm::test

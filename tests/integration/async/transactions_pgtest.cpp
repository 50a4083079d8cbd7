// Asynchronous transactions and savepoints, and the coroutines that run a function in one.
#include "event_loop.hpp"

namespace qm::test {
namespace {

using testing::HasSubstr;

class AsyncTransactions : public AsyncPool {
 protected:
  AsyncTransactions() { connect(database.url())->execute("create table t (i int unique)"); }

  awaitable<void> insert(const AsyncExecutor& on, int value) {
    ParamBuffer<1> params;
    encode_as(params, 23, value);
    co_await async_execute(on, "insert into t values ($1)", params.view(), use_awaitable);
  }
  std::string values() {
    return run(io, ask("select coalesce(string_agg(i::text, ',' order by i), '') from t"));
  }
};

TEST_F(AsyncTransactions, CommitAndRollBack) {
  const auto work = [&]() -> awaitable<void> {
    const PooledConnection held = co_await async_acquire(db, use_awaitable);
    const AsyncExecutor on = db.on(*held);
    const AsyncTransaction kept = co_await async_begin(on, {}, use_awaitable);
    co_await insert(kept, 1);
    co_await kept.async_commit(use_awaitable);
    const AsyncTransaction dropped =
        co_await async_begin(on, {.isolation = Isolation::serializable}, use_awaitable);
    EXPECT_EQ(
        text(co_await async_execute(dropped, "show transaction_isolation", {}, use_awaitable)),
        "serializable");
    co_await insert(dropped, 2);
    co_await dropped.async_rollback(use_awaitable);
  };
  run(io, work());
  EXPECT_EQ(values(), "1");
}

TEST_F(AsyncTransactions, NestAsSavepoints) {
  run(io, async_transact(db, [&](const AsyncTransaction& outer) -> awaitable<void> {
        co_await insert(outer, 1);
        const AsyncTransaction inner = co_await async_savepoint(outer, use_awaitable);
        co_await insert(inner, 2);
        const AsyncTransaction innermost = co_await async_savepoint(inner, use_awaitable);
        co_await insert(innermost, 3);
        co_await innermost.async_rollback(use_awaitable);
        co_await inner.async_commit(use_awaitable);
      }));
  EXPECT_EQ(values(), "1,2");
}

TEST_F(AsyncTransactions, GiveWhatTheirFunctionGives) {
  EXPECT_EQ(run(io, async_transact(db,
                                   [&](const AsyncTransaction& transaction) -> awaitable<int> {
                                     co_await insert(transaction, 5);
                                     co_return 42;
                                   })),
            42);
  EXPECT_EQ(values(), "5");
}

TEST_F(AsyncTransactions, OfAFunctionThatThrowsAreRolledBack) {
  EXPECT_THROW(run(io, async_transact(db,
                                      [&](const AsyncTransaction& transaction) -> awaitable<void> {
                                        co_await insert(transaction, 1);
                                        throw std::logic_error("no");
                                      })),
               std::logic_error);
  EXPECT_THROW(run(io, async_transact(db,
                                      [&](const AsyncTransaction& transaction) -> awaitable<void> {
                                        co_await insert(transaction, 1);
                                        co_await insert(transaction, 1);
                                      })),
               UniqueViolation);
  EXPECT_EQ(values(), "");
  EXPECT_EQ(pool.stats().broken_destroy_total, 0U);
}

TEST_F(AsyncTransactions, SayWhenACommitRolledBack) {
  const auto work = [&]() -> awaitable<void> {
    const PooledConnection held = co_await async_acquire(db, use_awaitable);
    const AsyncTransaction transaction = co_await async_begin(db.on(*held), {}, use_awaitable);
    std::exception_ptr failed;
    try {
      co_await async_execute(transaction, "select 1/0", {}, use_awaitable);
    } catch (const ServerError&) {
      failed = std::current_exception();
    }
    EXPECT_TRUE(failed);
    co_await transaction.async_commit(use_awaitable);
  };
  EXPECT_THROW(run(io, work()), ServerError);
}

TEST_F(AsyncTransactions, SayWhenTheOutcomeOfACommitIsUnknown) {
  connect(database.url())
      ->execute_script(
          "create function end_me() returns trigger language plpgsql as $$ begin "
          "perform pg_terminate_backend(pg_backend_pid()); return null; end $$;"
          "create constraint trigger ending after insert on t deferrable initially deferred "
          "for each row execute function end_me()");
  EXPECT_THROW(run(io, async_transact(db,
                                      [&](const AsyncTransaction& transaction) -> awaitable<void> {
                                        co_await insert(transaction, 1);
                                      })),
               CommitUnknown);
}

TEST_F(AsyncTransactions, NeedAConnectionOutsideOfOne) {
  const auto begin = [&](const AsyncExecutor& on) -> awaitable<void> {
    co_await async_begin(on, {}, use_awaitable);
  };
  EXPECT_THROW(run(io, begin(db)), Error);
  const auto connection = connect(database.url());
  const AsyncExecutor on(*connection, io.get_executor());
  run(io, begin(on));
  try {
    run(io, begin(on));
    FAIL() << "began twice";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("async_savepoint() makes a savepoint"));
  }
}

// Two that read what the other writes: one of them is given up and run again.
TEST_F(AsyncTransactions, AreRunAgainAfterASerializationFailure) {
  run(io, insert(db, 0));
  int attempts = 0;
  int reads = 0;
  const auto add = [&](int value) -> awaitable<void> {
    co_await async_retry_serializable(
        db, [&, value](const AsyncTransaction& transaction) -> awaitable<void> {
          ++attempts;
          co_await async_execute(transaction, "select count(*) from t", {}, use_awaitable);
          ++reads;
          // The first attempts wait until both have read.
          while (reads < 2)
            co_await asio::post(io, use_awaitable);
          co_await insert(transaction, value);
        });
  };
  auto one = asio::co_spawn(io, add(1), asio::use_future);
  auto two = asio::co_spawn(io, add(2), asio::use_future);
  io.restart();
  io.run();
  one.get();
  two.get();
  EXPECT_EQ(values(), "0,1,2");
  EXPECT_EQ(attempts, 3);
}

}  // namespace
}  // namespace qm::test

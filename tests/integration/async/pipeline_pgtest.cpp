// The pipelined executor: many callers on few connections, each with its own answer, error and
// deadline, whatever happens to the others.
#include <quartermaster/pipeline.hpp>
#include <thread>

#include "event_loop.hpp"
#include "event_record.hpp"
#include "pgbouncer.hpp"

namespace qm::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

std::unique_ptr<RegisteredQuery> reading(const std::string& name, const std::string& sql) {
  auto query = registered(name, sql);
  query->read_only = true;
  return query;
}

int number(const Result& result) {
  return decode_field<std::int32_t>(result, 0, 0);
}

class Pipeline : public testing::Test {
 protected:
  Result ask(const RegisteredQuery& query, int value, const CallOptions& options = {}) {
    ParamBuffer<1> params;
    encode_as(params, 23, value);
    return pipeline.execute(query, params.view(), options);
  }
  std::future<Result> ask_later(const RegisteredQuery& query, int value,
                                const CallOptions& options = {}) {
    return std::async(std::launch::async,
                      [this, &query, value, options] { return ask(query, value, options); });
  }
  // The statement runs on the server.
  void expect_running(const std::string& part) {
    ASSERT_TRUE(becomes(*admin,
                        "select count(*) > 0 from pg_stat_activity where datname = "
                        "current_database() and state = 'active' "
                        "and pid <> pg_backend_pid() and query like '%" +
                            part + "%'",
                        "t"));
  }

  const TestDatabase database;
  const std::unique_ptr<Connection> admin = connect(database.url());
  Pool pool{pool_config(settings(database.url(), 3))};
  PipelinedExecutor pipeline{pool, {.connections = 1}};
  const std::unique_ptr<RegisteredQuery> twice = registered("Twice", "select $1::int4 * 2");
  const std::unique_ptr<RegisteredQuery> read_twice = reading("ReadTwice", "select $1::int4 * 2");
  const std::unique_ptr<RegisteredQuery> divide = reading("Divide", "select 100 / $1::int4");
  const std::unique_ptr<RegisteredQuery> nap =
      registered("Nap", "select $1::int4 from pg_sleep($1::int4)");
};

TEST_F(Pipeline, GivesEachCallerItsOwnAnswer) {
  std::vector<std::thread> callers;
  std::atomic<int> wrong = 0;
  for (int caller = 0; caller < 16; ++caller) {
    callers.emplace_back([&, caller] {
      for (int i = 0; i < 200; ++i) {
        const int value = caller * 1000 + i;
        const auto& query = i % 2 == 0 ? *twice : *read_twice;
        if (number(ask(query, value)) != 2 * value) ++wrong;
      }
    });
  }
  for (std::thread& caller : callers)
    caller.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(pool.stats().new_conns_total, 1U);
  EXPECT_TRUE(becomes_true([&] { return pipeline.stats().requests_total == 3200; }));
}

TEST_F(Pipeline, KeepsErrorsApart) {
  std::vector<std::thread> callers;
  std::atomic<int> wrong = 0;
  for (int caller = 0; caller < 16; ++caller) {
    callers.emplace_back([&, caller] {
      for (int i = 0; i < 100; ++i) {
        const int value = (caller + i) % 5;
        try {
          const int quotient = number(ask(*divide, value));
          if (value == 0 || quotient != 100 / value) ++wrong;
        } catch (const ServerError& error) {
          if (value != 0 || error.sqlstate() != "22012") ++wrong;
        }
      }
    });
  }
  for (std::thread& caller : callers)
    caller.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(pool.stats().new_conns_total, 1U) << "an error costs no connection";
}

TEST_F(Pipeline, ReportsWhatCannotBePrepared) {
  const auto broken = reading("Broken", "select no_such_column + $1::int4");
  for (int i = 0; i < 3; ++i) {
    EXPECT_THROW(ask(*broken, 1), SyntaxOrAccessError);
    EXPECT_EQ(number(ask(*twice, i)), 2 * i);
  }
}

TEST_F(Pipeline, GivesItsConnectionsBackWhenIdle) {
  EXPECT_EQ(number(ask(*twice, 1)), 2);
  EXPECT_TRUE(becomes_true([&] { return pipeline.stats().connections == 0; }));
  EXPECT_EQ(pool.stats().acquired_conns, 0U);
  EXPECT_EQ(column(*pool.acquire(), "select 'usable'"), "usable");
  EXPECT_EQ(number(ask(*twice, 2)), 4);
  EXPECT_EQ(pool.stats().new_conns_total, 1U);
}

TEST_F(Pipeline, PassesOnWhatIsNotForIt) {
  const auto longish = registered("Long", "select $1::int4");
  longish->is_long = true;
  EXPECT_EQ(number(ask(*longish, 7)), 7);
  const auto size = registered("Size", "select length($1::text)");
  const std::string large(1'000'000, 'x');
  ParamBuffer<1> params;
  encode_as(params, 25, std::string_view(large));
  EXPECT_EQ(number(pipeline.execute(*size, params.view())), 1'000'000);
  EXPECT_EQ(pipeline.stats().to_pool_total, 2U);
  EXPECT_EQ(pipeline.execute("select 1").rows(), 1);
}

TEST_F(Pipeline, AnswersPastTheBuffersOfBothEnds) {
  const auto wide = reading("Wide", "select repeat('x', $1::int4), $1::int4");
  std::vector<std::future<Result>> answers;
  for (int i = 0; i < 32; ++i)
    answers.push_back(ask_later(*wide, 500'000 + i));
  for (int i = 0; i < 32; ++i)
    EXPECT_EQ(answers[static_cast<std::size_t>(i)].get().field(0, 0).size, 500'000 + i);
}

TEST_F(Pipeline, EndsACallAtItsDeadlineAndNoOther) {
  auto slow = ask_later(*nap, 60, {Clock::now() + 150ms});
  expect_running("pg_sleep");
  auto behind = ask_later(*twice, 4);
  try {
    slow.get();
    FAIL() << "slept";
  } catch (const QueryTimeout& error) {
    EXPECT_THAT(error.what(), HasSubstr("test.Nap: deadline passed"));
  }
  EXPECT_EQ(number(behind.get()), 8) << "the one behind it runs when it is cancelled";
  EXPECT_TRUE(becomes(*admin,
                      "select count(*) from pg_stat_activity where datname = current_database() "
                      "and state = 'active' and "
                      "query like '%pg_sleep%' and pid <> pg_backend_pid()",
                      "0"));
}

TEST_F(Pipeline, ACallThatWaitsCanBeGivenUp) {
  auto slow = ask_later(*nap, 1);
  expect_running("pg_sleep");
  const auto insert = registered("Insert", "insert into t values ($1::int4)");
  admin->execute("create table t (i int)");
  EXPECT_THROW(ask(*nap, 60, {Clock::now() + 30ms}), QueryTimeout);
  EXPECT_EQ(number(slow.get()), 1) << "the cancellation waits for its statement's turn";
  EXPECT_EQ(number(ask(*twice, 3)), 6);
}

TEST_F(Pipeline, FailsOnlyWhatWasOnALostConnection) {
  const auto pid = registered("Pid", "select pg_backend_pid() from (select $1::int4) as p");
  const int before = number(ask(*pid, 0));
  auto slow = ask_later(*nap, 60);
  expect_running("pg_sleep");
  auto write = ask_later(*twice, 1);
  auto read = ask_later(*read_twice, 21);
  ASSERT_TRUE(becomes_true([&] { return pipeline.stats().in_flight == 3; }));
  terminate(database.url(), before);
  EXPECT_THROW(slow.get(), OperatorIntervention);
  EXPECT_THROW(write.get(), ConnectionLost);
  EXPECT_EQ(number(read.get()), 42) << "what only reads is asked again elsewhere";
  EXPECT_NE(number(ask(*pid, 0)), before);
}

TEST_F(Pipeline, OutlivesDdl) {
  admin->execute("create table t (a int)");
  admin->execute("insert into t values (7)");
  const auto all = reading("All", "select t.*, $1::int4 from t");
  EXPECT_EQ(ask(*all, 1).columns(), 2);
  admin->execute("alter table t add column b text");
  std::vector<std::future<Result>> answers;
  for (int i = 0; i < 20; ++i)
    answers.push_back(ask_later(*all, i));
  for (auto& answer : answers)
    EXPECT_EQ(answer.get().columns(), 3);
}

TEST_F(Pipeline, ClosesWhatFallsOutOfTheCache) {
  DatabaseConfig config = settings(database.url(), 1);
  config.statement_cache_capacity = 4;
  Pool small(pool_config(config));
  PipelinedExecutor over(small);
  std::vector<std::unique_ptr<RegisteredQuery>> queries;
  for (int i = 0; i < 12; ++i)
    queries.push_back(reading("Q" + std::to_string(i), "select " + std::to_string(i)));
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 12; ++i)
      EXPECT_EQ(number(over.execute(*queries[static_cast<std::size_t>(i)], {})), i);
  }
  const auto prepared = registered("Prepared", "select count(*)::int4 from pg_prepared_statements");
  EXPECT_LE(number(over.execute(*prepared, {})), 5);
}

TEST_F(Pipeline, WithoutNamedStatementsWorksBehindAPooler) {
  const PgBouncer bouncer("transaction");
  DatabaseConfig config = settings(bouncer.url(database), 1);
  config.statement_cache_capacity = 0;
  Pool unnamed(pool_config(config));
  PipelinedExecutor over(unnamed);
  std::vector<std::thread> callers;
  std::atomic<int> wrong = 0;
  for (int caller = 0; caller < 8; ++caller) {
    callers.emplace_back([&, caller] {
      for (int i = 0; i < 50; ++i) {
        ParamBuffer<1> params;
        const int value = caller * 100 + i;
        encode_as(params, 23, value);
        const auto& query = i % 2 == 0 ? *twice : *read_twice;
        if (number(over.execute(query, params.view())) != 2 * value) ++wrong;
      }
    });
  }
  for (std::thread& caller : callers)
    caller.join();
  EXPECT_EQ(wrong, 0);
  ParamBuffer<1> zero;
  encode_as(zero, 23, 0);
  EXPECT_THROW(over.execute(*divide, zero.view()), ServerError);
  EXPECT_EQ(column(*unnamed.acquire(), "select count(*) from pg_prepared_statements"), "0");
}

TEST_F(Pipeline, SendsNoMoreThanTheCap) {
  PipelinedExecutor capped(pool, {.connections = 1, .max_in_flight = 2});
  const auto later = [&](const RegisteredQuery& query, int value) {
    return std::async(std::launch::async, [&, value] {
      ParamBuffer<1> params;
      encode_as(params, 23, value);
      return capped.execute(query, params.view());
    });
  };
  auto slow = std::async(std::launch::async, [&] {
    ParamBuffer<1> params;
    encode_as(params, 23, 60);
    capped.execute(*nap, params.view(), {Clock::now() + 1s});
  });
  expect_running("pg_sleep");
  std::vector<std::future<Result>> behind;
  for (int i = 0; i < 5; ++i)
    behind.push_back(later(*read_twice, i));
  ASSERT_TRUE(becomes_true([&] { return capped.stats().waiting == 4; }));
  EXPECT_EQ(capped.stats().in_flight, 2U);
  EXPECT_THROW(slow.get(), QueryTimeout);
  for (int i = 0; i < 5; ++i)
    EXPECT_EQ(number(behind[static_cast<std::size_t>(i)].get()), 2 * i);
}

TEST_F(Pipeline, GoesAroundASlowStatement) {
  PipelinedExecutor wide(pool, {.connections = 2});
  auto slow = std::async(std::launch::async, [&] {
    ParamBuffer<1> params;
    encode_as(params, 23, 60);
    return wide.execute(*nap, params.view());
  });
  // Long enough to be taken for slow.
  ASSERT_TRUE(becomes(*admin,
                      "select count(*) from pg_stat_activity where datname = current_database() "
                      "and query like '%pg_sleep%' and "
                      "pid <> pg_backend_pid() and clock_timestamp() - query_start > '100 ms'",
                      "1"));
  std::atomic<int> answered = 0;
  std::vector<std::thread> callers;
  for (int caller = 0; caller < 8; ++caller) {
    callers.emplace_back([&] {
      for (int i = 0; i < 50; ++i) {
        ParamBuffer<1> params;
        encode_as(params, 23, i);
        if (number(wide.execute(*read_twice, params.view())) == 2 * i) ++answered;
      }
    });
  }
  for (std::thread& caller : callers)
    caller.join();
  EXPECT_EQ(answered, 400);
  EXPECT_EQ(column(*admin,
                   "select count(pg_cancel_backend(pid)) from pg_stat_activity where datname = "
                   "current_database() and state = "
                   "'active' and query like '%pg_sleep%' and pid <> pg_backend_pid()"),
            "1")
      << "still sleeps";
  EXPECT_THROW(slow.get(), ServerError);
}

TEST_F(Pipeline, TellsItsObserverOfEveryEnd) {
  const auto events = std::make_shared<EventRecord>();
  Pool observed(pool_config(settings(database.url(), 1)), events);
  PipelinedExecutor over(observed);
  ParamBuffer<1> zero;
  encode_as(zero, 23, 0);
  ParamBuffer<1> minute;
  encode_as(minute, 23, 60);
  EXPECT_EQ(number(over.execute(*twice, zero.view())), 0);
  EXPECT_THROW(over.execute(*divide, zero.view()), ServerError);
  EXPECT_THROW(over.execute(*nap, minute.view(), {Clock::now() + 50ms}), QueryTimeout);
  std::vector<std::string> told;
  ASSERT_TRUE(becomes_true([&] {
    for (std::string& line : events->take()) {
      if (line.starts_with("execute")) told.push_back(std::move(line));
    }
    return told.size() >= 3;
  }));
  EXPECT_THAT(told, ElementsAre("execute test.Twice 1", "execute test.Divide failed 22012",
                                "execute test.Nap failed "));
}

TEST_F(Pipeline, FailsWhatIsLeftWhenItEnds) {
  auto closing = std::make_unique<PipelinedExecutor>(pool, PipelineOptions{.connections = 1});
  const auto call = [&](int seconds) {
    return std::async(std::launch::async, [&, seconds] {
      ParamBuffer<1> params;
      encode_as(params, 23, seconds);
      return closing->execute(*nap, params.view());
    });
  };
  auto running = call(60);
  expect_running("pg_sleep");
  auto behind = call(61);
  ASSERT_TRUE(becomes_true([&] { return closing->stats().in_flight == 2; }));
  closing.reset();
  EXPECT_THROW(running.get(), PoolClosed);
  EXPECT_THROW(behind.get(), PoolClosed);
  EXPECT_TRUE(becomes_true([&] { return pool.stats().acquired_conns == 0; }));
}

TEST_F(Pipeline, HearsThatThePoolIsClosed) {
  EXPECT_EQ(number(ask(*twice, 1)), 2);
  pool.close(1min);
  EXPECT_EQ(pool.stats().total_conns, 0U);
  EXPECT_THROW(ask(*twice, 1), PoolClosed);
}

TEST_F(Pipeline, SaysWhyThereIsNoConnection) {
  DatabaseConfig config = settings(database.url(), 1);
  Pool one(pool_config(config));
  PipelinedExecutor over(one);
  const auto held = one.acquire();
  ParamBuffer<1> params;
  encode_as(params, 23, 5);
  try {
    over.execute(*twice, params.view(), {Clock::now() + 50ms});
    FAIL() << "there is no connection";
  } catch (const QueryTimeout& error) {
    EXPECT_THAT(error.what(), HasSubstr("deadline passed; nothing was sent"));
  }
}

TEST_F(Pipeline, RefusesOptionsOutOfRange) {
  EXPECT_THROW(PipelinedExecutor(pool, {.connections = 0}), ConfigError);
  EXPECT_THROW(PipelinedExecutor(pool, {.max_in_flight = 0}), ConfigError);
}

// The same on the application's own loop, from coroutines.
class PipelineOnALoop : public AsyncPool {
 protected:
  awaitable<int> ask(AsyncExecutor on, const RegisteredQuery& query, int value) {
    ParamBuffer<1> params;
    encode_as(params, 23, value);
    co_return number(co_await async_execute(on, query, params.view(), use_awaitable));
  }

  const std::unique_ptr<RegisteredQuery> twice = reading("Twice", "select $1::int4 * 2");
  const std::unique_ptr<RegisteredQuery> nap =
      registered("Nap", "select $1::int4 from pg_sleep($1::int4)");
};

TEST_F(PipelineOnALoop, ServesManyCoroutines) {
  PipelinedExecutor pipeline(pool, io.get_executor(), {.connections = 2});
  const AsyncExecutor on(pipeline, io.get_executor());
  int wrong = 0;
  const auto work = [&](int coroutine) -> awaitable<void> {
    for (int i = 0; i < 100; ++i) {
      if (co_await ask(on, *twice, coroutine + i) != 2 * (coroutine + i)) ++wrong;
    }
  };
  std::vector<std::future<void>> all;
  for (int i = 0; i < 64; ++i)
    all.push_back(asio::co_spawn(io, work(i), asio::use_future));
  io.run();
  for (auto& each : all)
    each.get();
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(pipeline.stats().requests_total, 6400U);
  EXPECT_EQ(pool.stats().acquired_conns, 0U) << "the loop ends when all is given back";
}

TEST_F(PipelineOnALoop, CancelsOneCoroutine) {
  PipelinedExecutor pipeline(pool, io.get_executor(), {.connections = 1});
  const AsyncExecutor on(pipeline, io.get_executor());
  asio::cancellation_signal signal;
  auto slow = asio::co_spawn(io, ask(on, *nap, 60),
                             asio::bind_cancellation_slot(signal.slot(), asio::use_future));
  auto timed = asio::co_spawn(io, ask(on.with_timeout(20ms), *nap, 61), asio::use_future);
  auto behind = asio::co_spawn(io, ask(on, *twice, 4), asio::use_future);
  while (pipeline.stats().in_flight < 3)
    io.run_one();
  signal.emit(asio::cancellation_type::terminal);
  io.run();
  EXPECT_THROW(slow.get(), CallCancelled);
  EXPECT_THROW(timed.get(), QueryTimeout);
  EXPECT_EQ(behind.get(), 8);
}

TEST_F(PipelineOnALoop, MayEndBeforeItsCalls) {
  std::future<int> left;
  {
    PipelinedExecutor pipeline(pool, io.get_executor(), {.connections = 1});
    const AsyncExecutor on(pipeline, io.get_executor());
    left = asio::co_spawn(io, ask(on, *nap, 60), asio::use_future);
    while (pipeline.stats().in_flight < 1)
      io.run_one();
  }
  io.run();
  EXPECT_THROW(left.get(), PoolClosed);
  EXPECT_TRUE(becomes_true([&] { return pool.stats().acquired_conns == 0; }));
}

TEST_F(PipelineOnALoop, LetsAHandlersExceptionThrough) {
  PipelinedExecutor pipeline(pool, io.get_executor(), {.connections = 1});
  const AsyncExecutor on(pipeline, io.get_executor());
  ParamBuffer<1> params;
  encode_as(params, 23, 1);
  int answered = 0;
  for (int i = 0; i < 3; ++i) {
    async_execute(on, *twice, params.view(), [&](const std::exception_ptr& error, const Result&) {
      EXPECT_FALSE(error);
      if (++answered == 1) throw std::logic_error("the handler's");
    });
  }
  EXPECT_THROW(io.run(), std::logic_error);
  io.run();
  EXPECT_EQ(answered, 3);
}

}  // namespace
}  // namespace qm::test

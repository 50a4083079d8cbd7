// What the asynchronous tests share: a loop, run until a call is over, and what came of it.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <optional>
#include <quartermaster/async_transaction.hpp>
#include <utility>

#include "pools.hpp"
#include "registered.hpp"

namespace qm::test {

namespace asio = boost::asio;
using asio::awaitable;
using asio::use_awaitable;

// Runs the coroutine to its end; gives what it gives, or throws.
template <class T>
T run(asio::io_context& io, awaitable<T> coroutine) {
  auto future = asio::co_spawn(io, std::move(coroutine), asio::use_future);
  io.restart();
  io.run();
  return future.get();
}

inline std::string text(const Result& result) {
  return decode_field<std::string>(result, 0, 0);
}

// A pool of its own database, and a loop for it.
class AsyncPool : public testing::Test {
 protected:
  explicit AsyncPool(std::uint32_t max_conns = 2)
      : pool(pool_config(settings(database.url(), max_conns))) {}

  awaitable<std::string> ask(std::string sql) {
    co_return text(co_await async_execute(db, sql, {}, use_awaitable));
  }

  const TestDatabase database;
  Pool pool;
  asio::io_context io;
  AsyncExecutor db{pool, io.get_executor()};
};

}  // namespace qm::test

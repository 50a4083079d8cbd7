#include "cli/interruptible_query.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <exception>
#include <quartermaster/asio.hpp>
#include <utility>

namespace qm::cli {

namespace asio = boost::asio;

namespace {

template <class What>
Result run(Pool& pool, const What& what, const ParamView& params) {
  asio::io_context io;
  asio::signal_set signals(io, SIGINT, SIGTERM);
  asio::cancellation_signal cancel;
  signals.async_wait([&](const boost::system::error_code& error, int) {
    if (!error) cancel.emit(asio::cancellation_type::terminal);
  });
  std::exception_ptr failure;
  Result result;
  const auto finish = [&](std::exception_ptr error, Result answer) {
    failure = std::move(error);
    result = std::move(answer);
    signals.cancel();
  };
  async_execute(AsyncExecutor(pool, io.get_executor()), what, params,
                asio::bind_cancellation_slot(cancel.slot(), finish));
  io.run();
  if (failure) std::rethrow_exception(failure);
  return result;
}

}  // namespace

Result execute_interruptibly(Pool& pool, const RegisteredQuery& query, const ParamView& params) {
  return run(pool, query, params);
}

Result execute_interruptibly(Pool& pool, const std::string& sql, const ParamView& params) {
  return run(pool, sql, params);
}

}  // namespace qm::cli

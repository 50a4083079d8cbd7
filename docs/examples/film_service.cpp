// A small service of coroutines: each line that a client sends is searched for in the titles, each
// film found is a line of the answer, and an empty line ends it. All clients share one thread, and
// their searches a few pipelined connections. Stops at SIGTERM or Ctrl-C.
#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <iostream>
#include <quartermaster/asio.hpp>
#include <quartermaster/movie.hpp>
#include <quartermaster/pipeline.hpp>

namespace asio = boost::asio;
using asio::awaitable;
using asio::use_awaitable;
using asio::ip::tcp;

awaitable<std::string> search(qm::movie::Client movies, qm::AsyncExecutor db, std::string words) {
  const qm::movie::SearchMoviesByTitleParams params{.query = words, .limit = 10, .offset = 0};
  std::string answer;
  try {
    for (const auto& film :
         co_await movies.async_search_movies_by_title(db, params, use_awaitable)) {
      answer += film.title + '\n';
    }
  } catch (const qm::Error& error) {
    answer = std::string("error: ") + error.what() + '\n';
  }
  co_return answer + '\n';
}

awaitable<void> serve(tcp::socket client, qm::movie::Client movies, qm::AsyncExecutor db) {
  std::string buffer;
  std::array<char, 1000> piece{};
  while (buffer.size() < piece.size()) {
    const std::size_t size = co_await client.async_read_some(asio::buffer(piece), use_awaitable);
    buffer.append(piece.data(), size);
    for (auto end = buffer.find('\n'); end != std::string::npos; end = buffer.find('\n')) {
      const std::string answer = co_await search(movies, db, buffer.substr(0, end));
      buffer.erase(0, end + 1);
      co_await asio::async_write(client, asio::buffer(answer), use_awaitable);
    }
  }
}

awaitable<void> listen(tcp::acceptor acceptor, qm::movie::Client movies, qm::AsyncExecutor db) {
  for (;;) {
    tcp::socket client = co_await acceptor.async_accept(use_awaitable);
    // A client that leaves ends its own coroutine and nothing else.
    asio::co_spawn(acceptor.get_executor(), serve(std::move(client), movies, db), asio::detached);
  }
}

int main() {
  const qm::ConfigLoader settings({.environment = qm::ConfigLoader::process_environment()});
  qm::Host host(settings.config());
  const auto movies = qm::movie::Client::bind(host).value();

  asio::io_context io(1);
  qm::PipelinedExecutor pipeline(host.pool(), io.get_executor());
  const qm::AsyncExecutor db(pipeline, io.get_executor());

  tcp::acceptor acceptor(io, {asio::ip::address_v4::loopback(), 0});
  std::cout << "port " << acceptor.local_endpoint().port() << '\n' << std::flush;
  asio::co_spawn(io, listen(std::move(acceptor), movies, db.with_timeout(std::chrono::seconds(2))),
                 asio::detached);

  asio::signal_set stop(io, SIGINT, SIGTERM);
  stop.async_wait([&](const boost::system::error_code&, int) { io.stop(); });
  io.run();
}

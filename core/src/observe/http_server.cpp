// See http_server.hpp. The only file that includes Boost.Beast.
//
// One thread does all I/O, so sessions need no locks; handlers run on two others and post their
// answer back. A session is kept alive by whatever it waits for.
#include <quartermaster/http_server.hpp>

#include <fcntl.h>

#include <array>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <optional>
#include <quartermaster/error.hpp>
#include <thread>
#include <utility>
#include <vector>

#include "config/loopback.hpp"
#include "observe/http_request_rules.hpp"
#include "pool/background_thread.hpp"

namespace qm {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
using boost::system::error_code;

// Asio opens sockets that a started program (the embedded server) would inherit, which would keep
// the port taken after this process has gone.
template <class Socket>
void close_on_exec(Socket& socket) {
  ::fcntl(socket.native_handle(), F_SETFD, FD_CLOEXEC);
}

constexpr std::chrono::milliseconds accept_retry{100};

std::string_view view(beast::string_view text) noexcept {
  return {text.data(), text.size()};
}

}  // namespace

struct HttpServer::Impl {
  class Session;

  // Ends the event loops before what they use is destroyed, also when the constructor throws.
  struct Threads {
    Impl& server;
    std::vector<std::thread> running{};
    ~Threads();
  };

  Impl(const HttpConfig& config, std::map<std::string, Handler> handlers_, ObserverPtr observer_,
       const HttpLimits& limits_);

  void listen(const HttpConfig& config);
  void run(asio::io_context& context) const noexcept;
  void accept();
  void admit(tcp::socket socket);
  HttpResponse call(const std::string& path) const noexcept;
  void note(Severity severity, const std::string& message) const noexcept;

  const HttpLimits limits;
  const std::map<std::string, Handler> handlers;
  const ObserverPtr observer;
  std::string url;
  std::optional<observe::HttpRequestRules> rules;
  // I/O thread only. Declared before the event loops, whose destruction ends sessions.
  std::size_t sessions = 0;
  bool is_accept_failing = false;
  asio::io_context io{1};
  asio::io_context work{2};
  asio::executor_work_guard<asio::io_context::executor_type> work_guard{work.get_executor()};
  tcp::acceptor acceptor{io};
  asio::steady_timer accept_pause{io};
  Threads threads{*this};
};

class HttpServer::Impl::Session : public std::enable_shared_from_this<Session> {
 public:
  Session(Impl& server, tcp::socket socket)
      : server_(server),
        stream_(std::move(socket)),
        buffer_(server.limits.header_bytes + 1),
        handler_deadline_(server.io) {
    ++server_.sessions;
  }
  ~Session() { --server_.sessions; }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // A new connection has the time of a request to send one, not that of an idle one.
  void read_request() {
    deadline_ = std::chrono::steady_clock::now() + server_.limits.request;
    stream_.expires_at(deadline_);
    is_head_ = false;
    parser_.emplace();
    parser_->header_limit(static_cast<std::uint32_t>(server_.limits.header_bytes));
    http::async_read_header(
        stream_, buffer_, *parser_,
        [self = shared_from_this()](error_code error, std::size_t) { self->on_header(error); });
  }

  // Answers and closes without looking at a request.
  void refuse_as_excess() {
    refuse(503, {.object = "connection",
                 .expected = "at most " + std::to_string(server_.limits.connections) + " at a time",
                 .found = "more",
                 .hint = "close some or try again later"});
  }

 private:
  void on_header(error_code error) {
    if (!error) {
      on_request();
    } else if (error == http::error::header_limit || error == http::error::buffer_overflow) {
      refuse(431, {.object = "request",
                   .expected = "a header of at most " +
                               std::to_string(server_.limits.header_bytes) + " bytes",
                   .found = "a longer one",
                   .hint = "send fewer or shorter header fields"});
    } else if (error != http::error::end_of_stream &&
               error.category() == make_error_code(http::error::bad_method).category()) {
      refuse(400, {.object = "request",
                   .expected = "an HTTP/1.1 request",
                   .found = error.message(),
                   .hint = "open " + server_.url + " with a browser or curl"});
    }
    // Otherwise the client has gone or was too slow: there is nobody to answer.
  }

  void on_request() {
    const auto& request = parser_->get();
    const auto length = parser_->content_length();
    is_head_ = request.method() == http::verb::head;
    const observe::HttpRefusal refused =
        server_.rules->check({.method = view(request.method_string()),
                              .target = view(request.target()),
                              .host_count = request.count(http::field::host),
                              .host = view(request[http::field::host]),
                              .has_body = parser_->chunked() || (length && *length > 0)});
    if (refused.status == 404 || refused.status == 405) {
      answer({.status = refused.status, .body = refused.text}, request.keep_alive());
    } else if (refused.status != 0) {
      refuse(refused);
    } else {
      run_handler(std::string(observe::HttpRequestRules::path_of(view(request.target()))));
    }
  }

  void run_handler(std::string path) {
    is_answered_ = false;
    // The stream's own limit covers reading and writing, neither of which happens meanwhile.
    handler_deadline_.expires_at(deadline_);
    handler_deadline_.async_wait([self = shared_from_this()](error_code error) {
      if (!error && !self->is_answered_) self->on_handler_late();
    });
    asio::post(server_.work, [self = shared_from_this(), path = std::move(path)]() mutable {
      HttpResponse response = self->server_.call(path);
      asio::io_context& answers = self->server_.io;
      // The session moves along, so that the I/O thread is the one to end it.
      asio::post(answers, [self = std::move(self), response = std::move(response)]() mutable {
        if (self->is_answered_) return;
        self->handler_deadline_.cancel();
        self->answer(std::move(response), self->parser_->get().keep_alive());
      });
    });
  }

  void on_handler_late() {
    refuse(503, {.object = "page",
                 .expected =
                     "an answer within " + std::to_string(server_.limits.request.count()) + " ms",
                 .found = "none yet",
                 .hint = "try again later"});
  }

  void refuse(const observe::HttpRefusal& refusal) {
    // What is left of the request's time may be nothing; the answer gets its own.
    stream_.expires_after(server_.limits.closing);
    answer({.status = refusal.status, .body = refusal.text}, false);
  }
  void refuse(unsigned status, const Report& report) {
    refuse(observe::HttpRefusal{status, report.text() + "\n"});
  }

  void answer(HttpResponse from, bool keep_alive) {
    is_answered_ = true;
    serializer_.reset();
    auto& response = response_.emplace();
    response.version(11);
    response.result(from.status);
    response.keep_alive(keep_alive);
    response.set(http::field::content_type, from.content_type);
    response.set(http::field::cache_control, "no-store");
    response.set("Content-Security-Policy", "default-src 'none'");
    response.set("X-Content-Type-Options", "nosniff");
    if (from.status == 405) response.set(http::field::allow, "GET, HEAD");
    response.body() = std::move(from.body);
    response.prepare_payload();
    serializer_.emplace(response);
    auto written = [self = shared_from_this(), keep_alive](error_code error, std::size_t) {
      if (error) return;
      if (keep_alive) {
        self->wait_for_request();
      } else {
        self->close();
      }
    };
    if (is_head_) {
      http::async_write_header(stream_, *serializer_, std::move(written));
    } else {
      http::async_write(stream_, *serializer_, std::move(written));
    }
  }

  // Between two requests: only the first byte of the next one starts its time.
  void wait_for_request() {
    if (buffer_.size() > 0) {
      read_request();
      return;
    }
    stream_.expires_after(server_.limits.idle);
    stream_.async_read_some(buffer_.prepare(server_.limits.header_bytes),
                            [self = shared_from_this()](error_code error, std::size_t size) {
                              if (error) return;
                              self->buffer_.commit(size);
                              self->read_request();
                            });
  }

  // Closing a socket with unread input resets the connection, and the client may lose the answer
  // (RFC 9112, section 9.6): what still comes is read for a while and dropped.
  void close() {
    error_code ignored;
    stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
    stream_.expires_after(server_.limits.closing);
    drop_input();
  }
  void drop_input() {
    stream_.async_read_some(asio::buffer(dropped_),
                            [self = shared_from_this()](error_code error, std::size_t) {
                              if (!error) self->drop_input();
                            });
  }

  Impl& server_;
  beast::tcp_stream stream_;
  beast::flat_buffer buffer_;
  asio::steady_timer handler_deadline_;
  std::chrono::steady_clock::time_point deadline_{};
  std::optional<http::request_parser<http::empty_body>> parser_;
  std::optional<http::response<http::string_body>> response_;
  std::optional<http::response_serializer<http::string_body>> serializer_;
  bool is_head_ = false;
  bool is_answered_ = false;
  std::array<char, 1024> dropped_{};
};

HttpServer::Impl::Threads::~Threads() {
  server.work.stop();
  server.io.stop();
  for (std::thread& each : running)
    each.join();
}

HttpServer::Impl::Impl(const HttpConfig& config, std::map<std::string, Handler> handlers_,
                       ObserverPtr observer_, const HttpLimits& limits_)
    : limits(limits_), handlers(std::move(handlers_)), observer(std::move(observer_)) {
  listen(config);
  accept();
  threads.running.reserve(3);
  for (asio::io_context* context : {&io, &work, &work})
    threads.running.push_back(pool::background_thread([this, context] { run(*context); }));
}

void HttpServer::Impl::listen(const HttpConfig& config) {
  const std::string literal = loopback_address(config.address);
  if (literal.empty()) {
    throw ConfigError({.object = "http.address " + config.address,
                       .expected = "a loopback address",
                       .found = "another one",
                       .hint = "use 127.0.0.1 and a proxy that checks who asks"});
  }
  const tcp::endpoint endpoint(asio::ip::make_address(literal), config.port);
  const auto check = [&](const error_code& error) {
    if (!error) return;
    throw ConfigError(
        {.object = "http.address " + config.address + ":" + std::to_string(config.port),
         .expected = "an address and port that can be listened on",
         .found = error.message(),
         .hint = "set http.port=0 for any free port"});
  };
  error_code error;
  acceptor.open(endpoint.protocol(), error);
  check(error);
  close_on_exec(acceptor);
  // A port whose old connections are in TIME_WAIT can be taken again; one that is listened on not.
  acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  check(error);
  acceptor.bind(endpoint, error);
  check(error);
  acceptor.listen(asio::socket_base::max_listen_connections, error);
  check(error);
  const std::uint16_t port = acceptor.local_endpoint().port();
  url = "http://" + (endpoint.address().is_v6() ? "[" + literal + "]" : literal) + ":" +
        std::to_string(port);
  std::vector<std::string> paths;
  for (const auto& [path, handler] : handlers)
    paths.push_back(path);
  rules.emplace(literal, port, std::move(paths));
}

void HttpServer::Impl::run(asio::io_context& context) const noexcept {
  for (;;) {
    try {
      context.run();
      return;
    } catch (const std::exception& error) {
      // One request's trouble (no memory) ends that request, not the listener.
      note(Severity::error, std::string("a request was dropped: ") + error.what());
    }
  }
}

void HttpServer::Impl::accept() {
  acceptor.async_accept([this](error_code error, tcp::socket socket) {
    if (error == asio::error::operation_aborted) return;
    if (!error) {
      is_accept_failing = false;
      accept();
      admit(std::move(socket));
      return;
    }
    // Out of file descriptors, most likely: trying again at once would only spin.
    if (!std::exchange(is_accept_failing, true)) {
      note(Severity::warning, "connections cannot be accepted: " + error.message());
    }
    accept_pause.expires_after(accept_retry);
    accept_pause.async_wait([this](error_code aborted) {
      if (!aborted) accept();
    });
  });
}

void HttpServer::Impl::admit(tcp::socket socket) {
  // Even telling clients that they are too many takes a session: beyond twice the number they are
  // closed without a word.
  if (sessions >= 2 * limits.connections) return;
  close_on_exec(socket);
  const bool is_excess = sessions >= limits.connections;
  const auto session = std::make_shared<Session>(*this, std::move(socket));
  if (is_excess) {
    session->refuse_as_excess();
  } else {
    session->read_request();
  }
}

HttpResponse HttpServer::Impl::call(const std::string& path) const noexcept {
  try {
    return handlers.at(path)();
  } catch (const std::exception& error) {
    note(Severity::error, path + ": " + error.what());
  } catch (...) {
    note(Severity::error, path + ": it threw what is not a std::exception");
  }
  return {.status = 500, .body = "page: failed (the log of the application has the reason)\n"};
}

void HttpServer::Impl::note(Severity severity, const std::string& message) const noexcept {
  if (observer) observer->on_note({.severity = severity, .area = "http", .message = message});
}

HttpServer::HttpServer(const HttpConfig& config, std::map<std::string, Handler> handlers,
                       ObserverPtr observer, const HttpLimits& limits)
    : impl_(std::make_unique<Impl>(config, std::move(handlers), std::move(observer), limits)) {}
HttpServer::~HttpServer() = default;

std::string HttpServer::url() const {
  return impl_->url;
}

}  // namespace qm

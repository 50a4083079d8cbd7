#include "cli/http_get.hpp"

#include <fmt/format.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <quartermaster/error.hpp>

#include "cli/usage_error.hpp"

namespace qm::cli {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;

struct Target {
  std::string host;
  std::string port;
  std::string path;
  std::string authority;  // host:port as in the url
};

Target parse_target(const std::string& text) {
  const auto parsed = boost::urls::parse_uri(text);
  if (!parsed || parsed->scheme() != "http" || parsed->host().empty()) {
    throw UsageError(
        {.object = "--url", .expected = "http://host:port", .found = fmt::format("'{}'", text)});
  }
  Target target{parsed->host_address(), parsed->port(), std::string(parsed->encoded_target()),
                std::string(parsed->encoded_host_and_port())};
  if (target.port.empty()) target.port = "80";
  if (target.path.empty()) target.path = "/";
  return target;
}

// The steps of one exchange, each begun by the end of the one before; `error` says how it ended.
class Exchange {
 public:
  Exchange(asio::io_context& io, const Target& target, std::chrono::milliseconds timeout)
      : resolver_(io), stream_(io), request_(http::verb::get, target.path, 11) {
    // With the port: listeners compare the whole authority (RFC 9110, 7.2).
    request_.set(http::field::host, target.authority);
    stream_.expires_after(timeout);
    // By name lookup, which has no deadline of its own; an address needs none.
    const auto endpoints = resolver_.resolve(target.host, target.port, error);
    if (error) return;
    stream_.async_connect(endpoints, [this](error_code e, const tcp::endpoint&) {
      if (!(error = e)) write();
    });
  }

  const http::response<http::string_body>& response() const { return response_; }
  error_code error;
  bool connected = false;

 private:
  void write() {
    connected = true;
    http::async_write(stream_, request_, [this](error_code e, std::size_t) {
      if (!(error = e)) read();
    });
  }
  void read() {
    http::async_read(stream_, buffer_, response_, [this](error_code e, std::size_t) { error = e; });
  }

  tcp::resolver resolver_;
  beast::tcp_stream stream_;
  beast::flat_buffer buffer_;
  http::request<http::empty_body> request_;
  http::response<http::string_body> response_;
};

}  // namespace

std::string http_get(const std::string& url, std::chrono::milliseconds timeout) {
  asio::io_context io;
  Exchange exchange(io, parse_target(url), timeout);
  io.run();
  if (exchange.error == beast::error::timeout) {
    throw ConnectError({.object = url,
                        .expected = fmt::format("an answer within {} ms", timeout.count()),
                        .found = "none"});
  }
  if (exchange.error && !exchange.connected) {
    throw ConnectError({.object = url,
                        .problem = exchange.error.message(),
                        .hint = "is a host running there? quartermaster serve"});
  }
  if (exchange.error) {
    throw ProtocolError(
        {.object = url, .expected = "an HTTP answer", .found = exchange.error.message()});
  }
  if (exchange.response().result() != http::status::ok) {
    throw ProtocolError({.object = url,
                         .expected = "status 200",
                         .found = fmt::format("{}", exchange.response().result_int())});
  }
  return exchange.response().body();
}

}  // namespace qm::cli

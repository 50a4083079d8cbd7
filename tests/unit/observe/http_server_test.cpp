// The status listener over real sockets on free ports.
#include <quartermaster/http_server.hpp>

#include <gmock/gmock.h>

#include <future>
#include <mutex>
#include <quartermaster/error.hpp>
#include <thread>
#include <vector>

#include "http_client.hpp"

namespace qm::observe::test {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;
using ::testing::StartsWith;

HttpConfig any_port() {
  HttpConfig config;
  config.port = 0;
  return config;
}

class Notes final : public Observer {
 public:
  void on_query(const QueryEvent&) noexcept override {}
  void on_note(const NoteEvent& event) noexcept override {
    const std::lock_guard lock(mutex_);
    text_ += std::string(event.area) + ": " + std::string(event.message) + "\n";
  }
  std::string text() const {
    const std::lock_guard lock(mutex_);
    return text_;
  }

 private:
  mutable std::mutex mutex_;
  std::string text_;
};

class Http : public ::testing::Test {
 protected:
  void start(const HttpLimits& limits = {}) {
    server_ = std::make_unique<HttpServer>(
        any_port(),
        std::map<std::string, HttpServer::Handler>{
            {"/metrics",
             [] {
               return HttpResponse{200, "text/plain; version=0.0.4", "a 1\n"};
             }},
            {"/readyz", [] { return HttpResponse{.status = 503, .body = "not ready\n"}; }},
            {"/throws", []() -> HttpResponse { throw std::runtime_error("the secret reason"); }},
            {"/waits",
             [this] {
               entered_.set_value();
               release_.get_future().wait();
               return HttpResponse{.body = "waited\n"};
             }}},
        notes_, limits);
  }
  std::string host() const { return server_->url().substr(std::string("http://").size()); }
  std::string request(const std::string& path, const std::string& method = "GET",
                      const std::string& more = {}) const {
    return method + " " + path + " HTTP/1.1\r\nHost: " + host() + "\r\n" + more + "\r\n";
  }
  // The answer to a request on a connection of its own that the server closes.
  std::string closing_answer(const std::string& text) const {
    HttpClient client(server_->url());
    client.send(text);
    return client.read_all();
  }

  std::shared_ptr<Notes> notes_ = std::make_shared<Notes>();
  std::promise<void> entered_;
  std::promise<void> release_;
  std::unique_ptr<HttpServer> server_;
};

TEST_F(Http, AnswersWithPlainHeaders) {
  start();
  HttpClient client(server_->url());
  client.send(request("/metrics"));
  const std::string answer = client.read_answer();
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\n"));
  for (const char* line :
       {"Content-Type: text/plain; version=0.0.4\r\n", "Cache-Control: no-store\r\n",
        "Content-Security-Policy: default-src 'none'\r\n", "X-Content-Type-Options: nosniff\r\n",
        "Content-Length: 4\r\n"})
    EXPECT_THAT(answer, HasSubstr(line));
  EXPECT_THAT(answer, Not(HasSubstr("Access-Control")));
  EXPECT_THAT(answer, EndsWith("\r\n\r\na 1\n"));
}

TEST_F(Http, KeepsConnectionsAndTakesPipelinedRequests) {
  start();
  HttpClient client(server_->url());
  for (int i = 0; i < 3; ++i) {
    client.send(request("/metrics"));
    EXPECT_THAT(client.read_answer(), EndsWith("a 1\n"));
  }
  client.send(request("/readyz") + request("/nowhere") +
              request("/metrics", "GET", "Connection: close\r\n"));
  EXPECT_THAT(client.read_answer(), AllOf(StartsWith("HTTP/1.1 503 "), EndsWith("not ready\n")));
  EXPECT_THAT(client.read_answer(), StartsWith("HTTP/1.1 404 "));
  EXPECT_THAT(client.read_all(), AllOf(StartsWith("HTTP/1.1 200 "), EndsWith("a 1\n")));
}

TEST_F(Http, HeadHasNoBody) {
  start();
  const std::string answer = closing_answer(request("/metrics", "HEAD", "Connection: close\r\n"));
  EXPECT_THAT(answer, AllOf(StartsWith("HTTP/1.1 200 OK\r\n"), HasSubstr("Content-Length: 4\r\n"),
                            EndsWith("\r\n\r\n")));
}

TEST_F(Http, Http10ClosesAfterTheAnswer) {
  start();
  EXPECT_THAT(closing_answer("GET /metrics HTTP/1.0\r\nHost: " + host() + "\r\n\r\n"),
              EndsWith("a 1\n"));
}

TEST_F(Http, UnknownPathsAndMethodsKeepTheConnection) {
  start();
  HttpClient client(server_->url());
  client.send(request("/nowhere"));
  EXPECT_THAT(client.read_answer(),
              AllOf(StartsWith("HTTP/1.1 404 "), HasSubstr("/metrics or /readyz or /throws")));
  client.send(request("/metrics", "DELETE"));
  EXPECT_THAT(client.read_answer(),
              AllOf(StartsWith("HTTP/1.1 405 "), HasSubstr("Allow: GET, HEAD\r\n")));
  client.send(request("/metrics"));
  EXPECT_THAT(client.read_answer(), StartsWith("HTTP/1.1 200 "));
}

TEST_F(Http, BodiesAreRefused) {
  start();
  EXPECT_THAT(closing_answer(request("/metrics", "POST", "Content-Length: 5\r\n") + "12345"),
              StartsWith("HTTP/1.1 413 "));
  EXPECT_THAT(closing_answer(request("/metrics", "GET", "Transfer-Encoding: chunked\r\n")),
              StartsWith("HTTP/1.1 413 "));
  HttpClient client(server_->url());
  client.send(request("/metrics", "GET", "Content-Length: 0\r\n"));
  EXPECT_THAT(client.read_answer(), StartsWith("HTTP/1.1 200 "));
}

TEST_F(Http, LongHeadersAreRefused) {
  start();
  EXPECT_THAT(closing_answer(request("/metrics", "GET", "X: " + std::string(9000, 'x') + "\r\n")),
              StartsWith("HTTP/1.1 431 "));
  EXPECT_THAT(closing_answer("GET /" + std::string(20000, 'x')), StartsWith("HTTP/1.1 431 "));
}

TEST_F(Http, OtherHostsAreRefused) {
  start();
  EXPECT_THAT(closing_answer("GET /metrics HTTP/1.1\r\nHost: evil.example\r\n\r\n"),
              StartsWith("HTTP/1.1 421 "));
  EXPECT_THAT(closing_answer("GET /metrics HTTP/1.1\r\n\r\n"), StartsWith("HTTP/1.1 400 "));
}

TEST_F(Http, GarbageIsABadRequest) {
  start();
  EXPECT_THAT(closing_answer("\x16\x03\x01 TLS?\r\n\r\n"), StartsWith("HTTP/1.1 400 "));
  EXPECT_THAT(closing_answer("GET /metrics HTTP/9.9\r\n\r\n"), StartsWith("HTTP/1.1 400 "));
  HttpClient client(server_->url());
  client.send(request("/metrics") + std::string("\0\1\2 garbage\r\n\r\n", 15));
  EXPECT_THAT(client.read_answer(), StartsWith("HTTP/1.1 200 "));
  EXPECT_THAT(client.read_all(), StartsWith("HTTP/1.1 400 "));
}

TEST_F(Http, SlowSendersAreCutOff) {
  start({.request = 100ms});
  HttpClient silent(server_->url());
  HttpClient slow(server_->url());
  slow.send("GET /metrics HT");
  EXPECT_EQ(slow.read_all(), "");
  EXPECT_EQ(silent.read_all(), "");
}

TEST_F(Http, TheDeadlineIsForTheWholeHeader) {
  start({.request = 100ms});
  HttpClient dripping(server_->url());
  dripping.send("GET /metrics HTTP/1.1\r\n");
  // Each byte comes in time; the whole never does. Ends when the server closes.
  std::thread drip([&] {
    while (dripping.send("X: y\r\n"))
      std::this_thread::yield();
  });
  const std::string answer = dripping.read_all();
  drip.join();
  // So fast a drip may also reach the limit of size.
  EXPECT_THAT(answer, MatchesRegex("(HTTP/1.1 431 .*)?"));
}

TEST_F(Http, IdleConnectionsAreClosed) {
  start({.idle = 50ms});
  HttpClient client(server_->url());
  client.send(request("/metrics"));
  EXPECT_THAT(client.read_answer(), StartsWith("HTTP/1.1 200 "));
  EXPECT_EQ(client.read_all(), "");
}

TEST_F(Http, SlowPagesDoNotHoldUpOthers) {
  start();
  HttpClient slow(server_->url());
  slow.send(request("/waits"));
  entered_.get_future().wait();
  HttpClient other(server_->url());
  other.send(request("/metrics"));
  EXPECT_THAT(other.read_answer(), StartsWith("HTTP/1.1 200 "));
  release_.set_value();
  EXPECT_THAT(slow.read_answer(), EndsWith("waited\n"));
}

TEST_F(Http, PagesThatTakeTooLongAreGivenUp) {
  start({.request = 100ms});
  HttpClient client(server_->url());
  client.send(request("/waits"));
  EXPECT_THAT(client.read_all(), StartsWith("HTTP/1.1 503 "));
  release_.set_value();
}

TEST_F(Http, TooManyConnectionsAreTold) {
  start({.connections = 3});
  std::vector<HttpClient> open;
  for (int i = 0; i < 3; ++i) {
    open.emplace_back(server_->url());
    open.back().send(request("/metrics"));
    EXPECT_THAT(open.back().read_answer(), StartsWith("HTTP/1.1 200 "));
  }
  HttpClient excess(server_->url());
  EXPECT_THAT(excess.read_answer(), StartsWith("HTTP/1.1 503 "));
  open.back().send(request("/metrics"));
  EXPECT_THAT(open.back().read_answer(), StartsWith("HTTP/1.1 200 "));
}

TEST_F(Http, FailuresKeepTheirReasonToTheLog) {
  start();
  HttpClient client(server_->url());
  client.send(request("/throws"));
  EXPECT_THAT(client.read_answer(),
              AllOf(StartsWith("HTTP/1.1 500 "), Not(HasSubstr("secret reason"))));
  EXPECT_EQ(notes_->text(), "http: /throws: the secret reason\n");
}

TEST_F(Http, EndsWithOpenConnections) {
  start();
  HttpClient idle(server_->url());
  HttpClient half(server_->url());
  half.send("GET /me");
  HttpClient waiting(server_->url());
  waiting.send(request("/waits"));
  entered_.get_future().wait();
  std::thread stopping([this] { server_.reset(); });
  release_.set_value();
  stopping.join();
  EXPECT_EQ(idle.read_all(), "");
  EXPECT_EQ(half.read_all(), "");
}

TEST_F(Http, APortInUseIsNamed) {
  start();
  HttpConfig same = any_port();
  same.port = static_cast<std::uint16_t>(std::stoi(host().substr(host().find(':') + 1)));
  try {
    const HttpServer second(same, {});
    FAIL() << "listens twice on " << second.url();
  } catch (const ConfigError& error) {
    EXPECT_EQ(error.report().object, "http.address " + host());
    EXPECT_EQ(error.report().found, "Address already in use");
    EXPECT_EQ(error.report().hint, "set http.port=0 for any free port");
  }
}

TEST_F(Http, OnlyLoopbackIsListenedOn) {
  for (const char* address : {"0.0.0.0", "::", "192.0.2.1", "example.org", ""}) {
    HttpConfig config = any_port();
    config.address = address;
    EXPECT_THROW(HttpServer(config, {}), ConfigError) << address;
  }
  HttpConfig config = any_port();
  config.address = "localhost";
  EXPECT_THAT(HttpServer(config, {}).url(), MatchesRegex("http://127\\.0\\.0\\.1:[0-9]+"));
}

}  // namespace
}  // namespace qm::observe::test

// A small HTTP/1.1 listener for operators: each path is one function, GET and HEAD only, on
// loopback. Not a web server for applications.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <quartermaster/config.hpp>
#include <quartermaster/observer.hpp>
#include <string>

namespace qm {

struct HttpResponse {
  unsigned status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body;
};

// Bounds of what a client can take up; the defaults are right for everyone but tests.
struct HttpLimits {
  std::chrono::milliseconds request{5000};  // from a request's first byte to its answer's last
  std::chrono::milliseconds idle{15000};    // a kept connection without a request
  std::chrono::milliseconds closing{1000};  // reading what a client still sends after an answer
  std::size_t header_bytes = 8192;
  std::size_t connections = 64;
};

class QM_API HttpServer {
 public:
  // Runs on one of two threads for handlers, so that a slow page does not hold up another; what it
  // throws becomes a 500 without details, and a note. The destructor waits for running handlers.
  using Handler = std::function<HttpResponse()>;

  // Listens at once. Throws ConfigError naming address and port when they cannot be listened on or
  // are not loopback. Handlers are keyed by path ("/metrics").
  HttpServer(const HttpConfig& config, std::map<std::string, Handler> handlers,
             ObserverPtr observer = {}, const HttpLimits& limits = {});
  ~HttpServer();  // ends open requests
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  // "http://127.0.0.1:9187", with the port really listened on.
  std::string url() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace qm

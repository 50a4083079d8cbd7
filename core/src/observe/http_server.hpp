// A small HTTP/1.1 listener for operators: each path is one function, GET and HEAD only, on
// loopback. Not a web server for applications.
#pragma once

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

class HttpServer {
 public:
  // Runs on one of the server's threads; what it throws becomes a 500 without details, and a note.
  using Handler = std::function<HttpResponse()>;

  // Listens at once. Throws ConfigError naming address and port when they cannot be listened on or
  // are not loopback. Handlers are keyed by path ("/metrics").
  HttpServer(const HttpConfig& config, std::map<std::string, Handler> handlers,
             ObserverPtr observer = {});
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

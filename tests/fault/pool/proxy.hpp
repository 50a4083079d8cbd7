// A unix socket in front of the test server that passes everything on until a client sends a
// certain text, and then does what networks do. For failures in the middle of an exchange, which no
// server can be made to show at a chosen moment.
#pragma once

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "scratch_directory.hpp"

namespace qm::test {

class Proxy {
 public:
  enum class Fault {
    none,
    lose_request,  // the text does not reach the server; both sides see the connection end
    lose_answer,   // the server gets it and answers; the client sees the connection end instead
    cut_answer,    // the client gets half of the answer, then the end
    silence,       // from now on nothing is passed on, in either direction, on any connection
  };

  // `url` names the server's unix socket.
  explicit Proxy(const std::string& url);
  ~Proxy();
  Proxy(const Proxy&) = delete;
  Proxy& operator=(const Proxy&) = delete;

  // The url by way of this proxy.
  const std::string& url() const { return url_; }
  // The next time a client sends the text; once.
  void arm(std::string text, Fault fault);
  bool has_struck() const { return struck_; }

 private:
  void accept_all();
  void serve(int client);
  // False when the connection is over.
  bool pass_request(int client, int server);
  bool pass_answer(int client, int server, Fault& due);

  ScratchDirectory directory_;
  std::string url_;
  std::string server_path_;
  int listener_ = -1;
  int stop_ = -1;  // readable when everything is to end
  std::string text_;
  std::atomic<Fault> armed_{Fault::none};
  std::atomic<bool> struck_{false};
  std::atomic<bool> silent_{false};
  std::vector<std::thread> connections_;
  std::thread acceptor_;
};

}  // namespace qm::test

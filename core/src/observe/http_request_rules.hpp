// What the status endpoint accepts, as plain texts in and answers out. Not for sockets: those are
// in http_server.cpp.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace qm::observe {

struct HttpRefusal {
  unsigned status = 0;  // 0: not refused
  std::string text{};
};

// A request as far as the rules look at it.
struct HttpRequestHead {
  std::string_view method;
  std::string_view target;
  std::size_t host_count = 0;
  std::string_view host;
  bool has_body = false;  // a chunked one, or Content-Length above 0
};

class HttpRequestRules {
 public:
  // `address` is the literal listened on, without brackets.
  HttpRequestRules(const std::string& address, std::uint16_t port, std::vector<std::string> paths);

  // 413 for a body, 400 or 421 for a Host that is not this listener (a page on the web whose name
  // was pointed at loopback must not read this one), 405 for methods, 404 for paths.
  HttpRefusal check(const HttpRequestHead& request) const;

  // The target's path, without scheme, authority and query.
  static std::string_view path_of(std::string_view target) noexcept;

 private:
  bool is_own_host(std::string_view host) const;

  std::vector<std::string> hosts_;  // lower case, with port where it is not 80
  std::vector<std::string> paths_;
};

}  // namespace qm::observe

// See http_request_rules.hpp.
#include "observe/http_request_rules.hpp"

#include <algorithm>
#include <quartermaster/error.hpp>
#include <utility>

namespace qm::observe {
namespace {

constexpr std::string_view scheme = "http://";
constexpr std::size_t max_echo = 100;

// What the client sent, short enough for a message.
std::string echo(std::string_view text) {
  if (text.size() <= max_echo) return "\"" + std::string(text) + "\"";
  return "\"" + std::string(text.substr(0, max_echo)) + "...\"";
}

std::string join(const std::vector<std::string>& texts, const char* separator) {
  std::string out;
  for (const std::string& each : texts) {
    if (!out.empty()) out += separator;
    out += each;
  }
  return out;
}

HttpRefusal refusal(unsigned status, const Report& report) {
  return {status, report.text() + "\n"};
}

// ASCII only, whatever the locale: host names are.
std::string lower(std::string_view text) {
  std::string out(text);
  for (char& each : out) {
    if (each >= 'A' && each <= 'Z') each = static_cast<char>(each - 'A' + 'a');
  }
  return out;
}

// The authority of an absolute target; it goes before the Host header (RFC 9112, section 3.2.2).
std::string_view authority_of(std::string_view target) noexcept {
  if (!target.starts_with(scheme)) return {};
  target.remove_prefix(scheme.size());
  return target.substr(0, target.find_first_of("/?"));
}

}  // namespace

HttpRequestRules::HttpRequestRules(const std::string& address, std::uint16_t port,
                                   std::vector<std::string> paths)
    : paths_(std::move(paths)) {
  const bool is_v6 = address.find(':') != std::string::npos;
  for (const std::string& name : {is_v6 ? "[" + address + "]" : address, std::string("localhost"),
                                  std::string("127.0.0.1"), std::string("[::1]")}) {
    const std::string with_port = name + ":" + std::to_string(port);
    if (std::find(hosts_.begin(), hosts_.end(), with_port) != hosts_.end()) continue;
    hosts_.push_back(with_port);
    if (port == 80) hosts_.push_back(name);
  }
}

HttpRefusal HttpRequestRules::check(const HttpRequestHead& request) const {
  if (request.has_body) {
    return refusal(413, {.object = "request",
                         .expected = "no body",
                         .found = "one announced by Content-Length or Transfer-Encoding",
                         .hint = "send a plain GET"});
  }
  if (request.host_count != 1) {
    return refusal(400, {.object = "request",
                         .expected = "one Host header",
                         .found = std::to_string(request.host_count),
                         .hint = "send Host: " + hosts_.front()});
  }
  const std::string_view authority = authority_of(request.target);
  const std::string_view host = authority.empty() ? request.host : authority;
  if (!is_own_host(host)) {
    return refusal(421, {.object = "request",
                         .expected = "host " + join(hosts_, " or "),
                         .found = echo(host),
                         .hint = "ask for it by one of these names"});
  }
  if (request.method != "GET" && request.method != "HEAD") {
    return refusal(405, {.object = "request",
                         .expected = "method GET or HEAD",
                         .found = echo(request.method),
                         .hint = "nothing here can be changed over HTTP"});
  }
  const std::string_view path = path_of(request.target);
  if (std::find(paths_.begin(), paths_.end(), path) == paths_.end()) {
    return refusal(404, {.object = "request",
                         .expected = "path " + join(paths_, " or "),
                         .found = echo(path),
                         .hint = "ask for one of these"});
  }
  return {};
}

std::string_view HttpRequestRules::path_of(std::string_view target) noexcept {
  if (target.starts_with(scheme)) {
    target.remove_prefix(scheme.size());
    const std::size_t slash = target.find_first_of("/?");
    if (slash == std::string_view::npos || target[slash] == '?') return "/";
    target.remove_prefix(slash);
  }
  return target.substr(0, target.find('?'));
}

bool HttpRequestRules::is_own_host(std::string_view host) const {
  return std::find(hosts_.begin(), hosts_.end(), lower(host)) != hosts_.end();
}

}  // namespace qm::observe

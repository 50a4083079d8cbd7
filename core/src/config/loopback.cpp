// See loopback.hpp.
#include "config/loopback.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

namespace qm {

std::string loopback_address(std::string_view text) {
  if (text == "localhost") return "127.0.0.1";
  const std::string literal(text);
  // An embedded NUL would end the literal early for inet_pton.
  if (literal.find('\0') != std::string::npos) return {};
  in_addr v4{};
  if (inet_pton(AF_INET, literal.c_str(), &v4) == 1) {
    return (ntohl(v4.s_addr) >> 24U) == 127 ? literal : std::string();
  }
  in6_addr v6{};
  if (inet_pton(AF_INET6, literal.c_str(), &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6)) return "::1";
  return {};
}

}  // namespace qm

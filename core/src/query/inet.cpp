// Inet as text, and its binary form: family, prefix length, cidr flag, number of address bytes,
// address (network_send() of PostgreSQL).
#include <arpa/inet.h>

#include <cstring>
#include <quartermaster/codec.hpp>

#include "query/decode_error.hpp"
#include "query/text_scanner.hpp"

namespace qm {

namespace {

// PGSQL_AF_INET and PGSQL_AF_INET6: the same numbers on every platform of the server.
constexpr char family_v4 = 2;
constexpr char family_v6 = 3;

constexpr std::uint8_t full_prefix(bool is_v6) noexcept {
  return is_v6 ? 128 : 32;
}
constexpr std::size_t address_size(bool is_v6) noexcept {
  return is_v6 ? 16 : 4;
}

}  // namespace

Inet Inet::parse(std::string_view text) {
  const auto fail = [text] {
    query::throw_unreadable_text("inet", "an IPv4 or IPv6 address with an optional /prefix", text);
  };
  const std::size_t slash = text.find('/');
  const std::string address(text.substr(0, slash));
  Inet inet;
  inet.is_v6 = address.find(':') != std::string::npos;
  inet.prefix = full_prefix(inet.is_v6);
  // A zero byte would end the text early for inet_pton().
  if (address.find('\0') != std::string::npos ||
      inet_pton(inet.is_v6 ? AF_INET6 : AF_INET, address.c_str(), inet.bytes.data()) != 1) {
    fail();
  }
  if (slash != std::string_view::npos) {
    query::TextScanner scanner(text.substr(slash + 1));
    const auto prefix = scanner.digits(1, 3);
    if (!prefix || !scanner.at_end() || *prefix > full_prefix(inet.is_v6)) fail();
    inet.prefix = static_cast<std::uint8_t>(*prefix);
  }
  return inet;
}

std::string Inet::to_string() const {
  char address[INET6_ADDRSTRLEN];
  inet_ntop(is_v6 ? AF_INET6 : AF_INET, bytes.data(), address, sizeof(address));
  std::string text = address;
  if (is_cidr || prefix != full_prefix(is_v6)) text += "/" + std::to_string(prefix);
  return text;
}

std::size_t Codec<Inet>::wire_size(Oid target, const Inet& value) {
  if (target != oids::cidr) detail::require_target(target, oid);
  if (value.prefix > full_prefix(value.is_v6)) detail::throw_not_in_range(target);
  return 4 + address_size(value.is_v6);
}

void Codec<Inet>::write(Oid target, char* out, const Inet& value) {
  const bool as_cidr = target == oids::cidr || (target != oids::inet && value.is_cidr);
  const std::size_t size = address_size(value.is_v6);
  out = wire::store(out, value.is_v6 ? family_v6 : family_v4);
  out = wire::store(out, value.prefix);
  out = wire::store(out, static_cast<char>(as_cidr ? 1 : 0));
  out = wire::store(out, static_cast<char>(size));
  std::memcpy(out, value.bytes.data(), size);
}

Inet Codec<Inet>::decode(const Field& field) {
  const bool is_cidr = field.type == oids::cidr;
  query::require_value(field, is_cidr ? oids::cidr : oids::inet);
  if (field.format == 0) {
    Inet inet = Inet::parse(query::text_of(field));
    inet.is_cidr = is_cidr;
    return inet;
  }
  if (field.size < 4) query::throw_size(field, 8);
  Inet inet;
  inet.is_v6 = field.data[0] == family_v6;
  inet.prefix = static_cast<std::uint8_t>(field.data[1]);
  inet.is_cidr = is_cidr;
  const std::size_t size = address_size(inet.is_v6);
  if (!inet.is_v6 && field.data[0] != family_v4) query::throw_broken_bytes(field, "its family");
  if (inet.prefix > full_prefix(inet.is_v6)) query::throw_broken_bytes(field, "its prefix");
  if (field.size != static_cast<int>(4 + size) || field.data[3] != static_cast<char>(size)) {
    query::throw_size(field, 4 + size);
  }
  std::memcpy(inet.bytes.data(), field.data + 4, size);
  return inet;
}

}  // namespace qm

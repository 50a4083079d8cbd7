// field_to_text(): one value as psql shows it, dispatched by type. Composite values (arrays,
// ranges, records) are composite_text.cpp's.
#include <fmt/format.h>

#include <quartermaster/codec.hpp>
#include <quartermaster/dynamic.hpp>

#include "query/bytes.hpp"
#include "query/composite_text.hpp"
#include "query/decode_error.hpp"
#include "query/float_text.hpp"
#include "query/interval.hpp"

namespace qm {
namespace {

void require_size(const Field& field, std::size_t size) {
  if (query::text_of(field).size() != size) query::throw_size(field, size);
}

template <class T>
T load(const Field& field) {
  require_size(field, sizeof(T));
  return wire::load<T>(field.data);
}

std::string bit_text(const Field& field) {
  constexpr std::size_t header = 4;
  const std::string_view bytes = query::text_of(field);
  if (bytes.size() < header) query::throw_broken_bytes(field, "no length");
  const auto bits = static_cast<std::size_t>(wire::load<std::uint32_t>(bytes.data()));
  if ((bits + 7) / 8 != bytes.size() - header) query::throw_size(field, (bits + 7) / 8 + header);
  std::string text;
  text.reserve(bits);
  for (std::size_t i = 0; i < bits; ++i) {
    const auto byte = static_cast<unsigned char>(bytes[header + i / 8]);
    text += (byte >> (7 - i % 8)) & 1U ? '1' : '0';
  }
  return text;
}

std::string mac_text(const Field& field, std::size_t size) {
  require_size(field, size);
  std::string text;
  for (const char c : query::text_of(field)) {
    text += fmt::format("{}{:02x}", text.empty() ? "" : ":", static_cast<unsigned char>(c));
  }
  return text;
}

// Microseconds since midnight, then the zone in seconds west of Greenwich.
std::string timetz_text(const Field& field) {
  require_size(field, 12);
  const auto west = wire::load<std::int32_t>(field.data + 8);
  const std::int32_t east = west < 0 ? -west : west;
  std::string text = TimeOfDay{wire::load<std::int64_t>(field.data)}.to_string();
  text += fmt::format("{}{:02}", west > 0 ? '-' : '+', east / 3600);
  if (east % 3600 != 0) text += fmt::format(":{:02}", east / 60 % 60);
  if (east % 60 != 0) text += fmt::format(":{:02}", east % 60);
  return text;
}

std::string lsn_text(const Field& field) {
  const auto position = load<std::uint64_t>(field);
  return fmt::format("{:X}/{:X}", position >> 32, position & 0xFFFF'FFFFU);
}

// Bytes of a type that only the database knows: an enum's or a text type's are its text.
std::string open_text(const Field& field) {
  const std::string_view bytes = query::text_of(field);
  for (const char c : bytes) {
    if (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t' && c != '\r') {
      return query::hex_text(bytes);
    }
  }
  return query::is_utf8(bytes) ? std::string(bytes) : query::hex_text(bytes);
}

}  // namespace

std::string field_to_text(const Field& field) {
  if (field.is_null()) return {};
  if (field.format == 0) return std::string(query::text_of(field));
  switch (field.type) {
    case oids::boolean:
      return Codec<bool>::decode(field) ? "t" : "f";
    case oids::int2:
      return std::to_string(load<std::int16_t>(field));
    case oids::int4:
      return std::to_string(load<std::int32_t>(field));
    case oids::int8:
      return std::to_string(load<std::int64_t>(field));
    case oids::oid:
      return std::to_string(load<std::uint32_t>(field));
    case oids::xid8:
      return std::to_string(load<std::uint64_t>(field));
    case oids::float4:
      return query::float_text(load<float>(field));
    case oids::float8:
      return query::float_text(load<double>(field));
    case oids::numeric:
      return Codec<Numeric>::decode(field).text();
    case oids::uuid:
      return Codec<Uuid>::decode(field).to_string();
    case oids::date:
      return Codec<Date>::decode(field).to_string();
    case oids::time:
      return Codec<TimeOfDay>::decode(field).to_string();
    case oids::timetz:
      return timetz_text(field);
    case oids::timestamp:
      return Codec<Timestamp>::decode(field).to_string();
    case oids::timestamptz:
      return Codec<TimestampTz>::decode(field).to_string();
    case oids::interval:
      return query::postgres_text(Codec<Interval>::decode(field));
    case oids::inet:
    case oids::cidr:
      return Codec<Inet>::decode(field).to_string();
    case oids::jsonb:
      return Codec<Json>::decode(field).text;
    case oids::bit:
    case oids::varbit:
      return bit_text(field);
    case oids::macaddr:
      return mac_text(field, 6);
    case oids::macaddr8:
      return mac_text(field, 8);
    case oids::pg_lsn:
      return lsn_text(field);
    default:
      break;
  }
  if (oids::is_textual(field.type)) return std::string(query::text_of(field));
  if (query::is_composite(field.type)) return query::composite_text(field);
  if (oids::is_open(field.type)) return open_text(field);
  return query::hex_text(query::text_of(field));
}

}  // namespace qm

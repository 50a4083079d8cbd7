// Reading scalars that did not arrive in their direct form: from a narrower or wider type, from
// text format, or not at all. Off the fast path.
#include <charconv>
#include <quartermaster/codec.hpp>

#include "query/bytes.hpp"
#include "query/decode_error.hpp"

namespace qm {

namespace {

// For types of one binary form: the bytes are wrong, the type is, or the value is text.
template <class T>
T decode_text_only(const Field& field, std::size_t size) {
  query::require_value(field, Codec<T>::oid);
  if (field.format == 0) return T::parse(query::text_of(field));
  if (field.size != static_cast<int>(size)) query::throw_size(field, size);
  query::throw_broken_bytes(field, "a value outside its range");
}

template <class T>
T parse_number(const Field& field) {
  const std::string_view text = query::text_of(field);
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) {
    query::throw_unreadable_text(oids::type_name(Codec<T>::oid), "a number in its range", text);
  }
  return value;
}

std::int64_t load_integer(const Field& field, Oid expected) {
  const auto load = [&field]<class T>(T) -> std::int64_t {
    if (field.size != static_cast<int>(sizeof(T))) query::throw_size(field, sizeof(T));
    return wire::load<T>(field.data);
  };
  switch (field.type) {
    case oids::int2:
      return load(std::int16_t{});
    case oids::int4:
      return load(std::int32_t{});
    case oids::int8:
      return load(std::int64_t{});
    case oids::oid:
      return load(std::uint32_t{});
    default:
      query::throw_wrong_type(field, expected);
  }
}

}  // namespace

std::int64_t detail::decode_integer(const Field& field, Oid expected, std::int64_t min,
                                    std::int64_t max) {
  if (field.is_null()) query::require_value(field, expected);
  const std::int64_t value =
      field.format == 0 ? parse_number<std::int64_t>(field) : load_integer(field, expected);
  if (value < min || value > max) {
    query::throw_wrong_type(field, expected, "the value does not fit; read it as a wider type");
  }
  return value;
}

bool Codec<bool>::decode_other(const Field& field) {
  query::require_value(field, oid);
  if (field.format == 1) query::throw_size(field, 1);
  const std::string_view text = query::text_of(field);
  if (text == "t" || text == "true") return true;
  if (text == "f" || text == "false") return false;
  query::throw_unreadable_text("boolean", "t or f", text);
}

float Codec<float>::decode_other(const Field& field) {
  query::require_value(field, oid);
  if (field.format == 0) return parse_number<float>(field);
  query::throw_size(field, 4);
}

double Codec<double>::decode_other(const Field& field) {
  if (field.type == oids::float4 && field.format == 1) {
    if (field.size != 4) query::throw_size(field, 4);
    return wire::load<float>(field.data);
  }
  query::require_value(field, oid);
  if (field.format == 0) return parse_number<double>(field);
  query::throw_size(field, 8);
}

Uuid Codec<Uuid>::decode_other(const Field& field) {
  return decode_text_only<Uuid>(field, 16);
}

Date Codec<Date>::decode_other(const Field& field) {
  return decode_text_only<Date>(field, 4);
}

Timestamp Codec<Timestamp>::decode_other(const Field& field) {
  return decode_text_only<Timestamp>(field, 8);
}

TimestampTz Codec<TimestampTz>::decode_other(const Field& field) {
  return decode_text_only<TimestampTz>(field, 8);
}

TimeOfDay Codec<TimeOfDay>::decode_other(const Field& field) {
  return decode_text_only<TimeOfDay>(field, 8);
}

Interval Codec<Interval>::decode_other(const Field& field) {
  return decode_text_only<Interval>(field, 16);
}

Bytes Codec<Bytes>::decode(const Field& field) {
  if (is_direct(field)) return read(field);
  query::require_value(field, oid);
  return query::parse_bytes(query::text_of(field));
}

}  // namespace qm

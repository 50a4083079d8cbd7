// Text and JSON: to every type, and from every type whose bytes are text.
#include <cstring>
#include <quartermaster/codec.hpp>
#include <quartermaster/dynamic.hpp>
#include <quartermaster/error.hpp>

#include "query/decode_error.hpp"

namespace qm {

namespace {

// jsonb_send() puts a version in front of the text; there is only one.
constexpr char jsonb_version = 1;

void require_storable(std::string_view text) {
  // Too long is refused before it is read through.
  if (text.size() <= ParamSink::max_size &&
      (text.empty() || std::memchr(text.data(), '\0', text.size()) == nullptr)) {
    return;
  }
  const bool too_long = text.size() > ParamSink::max_size;
  throw DecodeError(
      Report{.object = "parameter",
             .expected = too_long ? "at most 1073741823 bytes" : "text without zero bytes",
             .found = too_long ? std::to_string(text.size()) + " bytes" : "a zero byte",
             .hint = too_long ? "PostgreSQL keeps no larger value"
                              : "PostgreSQL cannot store it in text; use bytea"});
}

void encode_jsonb(ParamSink& sink, std::string_view text) {
  char* out = sink.allocate(oids::jsonb, text.size() + 1);
  detail::write_text(oids::jsonb, out, text);
}

std::string_view jsonb_text(const Field& field) {
  const std::string_view bytes = query::text_of(field);
  if (bytes.empty() || bytes.front() != jsonb_version) {
    query::throw_broken_bytes(field, "another version than 1");
  }
  return bytes.substr(1);
}

}  // namespace

void detail::encode_text_value(ParamSink& sink, Oid target, std::string_view value,
                               bool terminated) {
  require_storable(value);
  if (oids::is_textual(target)) {
    sink.borrow(target, value.data(), value.size());
  } else if (target == oids::jsonb) {
    encode_jsonb(sink, value);
  } else if (terminated) {
    sink.borrow(target, value.data(), value.size(), 0);
  } else {
    sink.copy(target, value.data(), value.size(), 0);
  }
}

std::size_t detail::text_wire_size(Oid target, std::string_view value) {
  require_storable(value);
  return value.size() + (target == oids::jsonb ? 1 : 0);
}

void detail::write_text(Oid target, char* out, std::string_view value) {
  if (target == oids::jsonb) *out++ = jsonb_version;
  if (!value.empty()) std::memcpy(out, value.data(), value.size());
}

std::string Codec<std::string>::decode(const Field& field) {
  return std::string(Codec<std::string_view>::decode(field));
}

std::string_view Codec<std::string_view>::decode(const Field& field) {
  if (field.is_null()) query::require_value(field, oid);
  if (field.format == 0) return query::text_of(field);
  if (field.type == oids::jsonb) return jsonb_text(field);
  if (oids::is_textual(field.type) || oids::is_open(field.type)) return query::text_of(field);
  query::throw_wrong_type(field, oid, "cast the column to text in the query");
}

void Codec<Json>::encode_as(ParamSink& sink, Oid target, const Json& value) {
  require_storable(value.text);
  if (target == oids::json) {
    sink.borrow(target, value.text.data(), value.text.size());
  } else if (target == oids::jsonb) {
    encode_jsonb(sink, value.text);
  } else {
    detail::require_target(target, oid);
    // A domain over one of the two: text format serves both.
    sink.borrow(target, value.text.c_str(), value.text.size(), 0);
  }
}

std::size_t Codec<Json>::wire_size(Oid target, const Json& value) {
  if (target != oids::json) detail::require_target(target, oid);
  return detail::text_wire_size(target == oids::json ? target : oids::jsonb, value.text);
}

void Codec<Json>::write(Oid target, char* out, const Json& value) {
  detail::write_text(target == oids::json ? target : oids::jsonb, out, value.text);
}

Json Codec<Json>::decode(const Field& field) {
  query::require_value(field, field.type == oids::json ? oids::json : oids::jsonb);
  const bool is_binary_jsonb = field.type == oids::jsonb && field.format == 1;
  return Json{std::string(is_binary_jsonb ? jsonb_text(field) : query::text_of(field))};
}

void encode_text(ParamSink& sink, Oid type, std::string_view text) {
  require_storable(text);
  sink.copy(type, text.data(), text.size(), 0);
}

}  // namespace qm

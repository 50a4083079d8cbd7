// field_to_json(): one value as JSON, numbers with all their digits.
#include <fmt/format.h>

#include <quartermaster/codec.hpp>
#include <quartermaster/dynamic.hpp>

#include "query/array_wire.hpp"
#include "query/decode_error.hpp"
#include "query/text_scanner.hpp"

namespace qm {
namespace {

std::string json_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    switch (c) {
      case '"':
      case '\\':
        out += '\\';
        out += c;
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
        } else {
          out += c;
        }
    }
  }
  return out + '"';
}

bool is_number(Oid type) noexcept {
  switch (type) {
    case oids::int2:
    case oids::int4:
    case oids::int8:
    case oids::oid:
    case oids::float4:
    case oids::float8:
    case oids::numeric:
      return true;
    default:
      return false;
  }
}

// What a finite number begins with; NaN and the infinities are no JSON.
bool is_finite(std::string_view number) noexcept {
  if (number.starts_with('-')) number.remove_prefix(1);
  return !number.empty() && query::is_digit(number.front());
}

std::string dimension(const query::ArrayHeader& header, int depth, const char*& at,
                      const Field& field) {
  std::string out = "[";
  for (std::int32_t i = 0; i < header.sizes[static_cast<std::size_t>(depth)]; ++i) {
    if (i > 0) out += ", ";
    if (depth + 1 < header.dimensions) {
      out += dimension(header, depth + 1, at, field);
    } else {
      out += field_to_json(
          query::take_sized_value(at, field.data + field.size, header.element, field));
    }
  }
  return out + ']';
}

}  // namespace

std::string field_to_json(const Field& field) {
  if (field.is_null()) return "null";
  if (field.format == 1 && oids::element_type(field.type) != 0) {
    const query::ArrayHeader header = query::read_array_header(field);
    const char* at = header.elements;
    return header.dimensions == 0 ? "[]" : dimension(header, 0, at, field);
  }
  std::string text = field_to_text(field);
  if (field.type == oids::boolean) return text == "t" ? "true" : "false";
  if (field.type == oids::json || field.type == oids::jsonb) return text;
  if (is_number(field.type) && is_finite(text)) return text;
  return json_string(text);
}

}  // namespace qm

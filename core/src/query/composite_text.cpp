// See composite_text.hpp.
#include "query/composite_text.hpp"

#include <fmt/format.h>

#include <quartermaster/dynamic.hpp>
#include <quartermaster/oids.hpp>
#include <quartermaster/wire.hpp>

#include "query/array_wire.hpp"
#include "query/decode_error.hpp"
#include "query/text_scanner.hpp"

namespace qm::query {
namespace {

Oid range_subtype(Oid type) noexcept {
  switch (type) {
    case oids::int4range:
      return oids::int4;
    case oids::int8range:
      return oids::int8;
    case oids::numrange:
      return oids::numeric;
    case oids::tsrange:
      return oids::timestamp;
    case oids::tstzrange:
      return oids::timestamptz;
    case oids::daterange:
      return oids::date;
    default:
      return 0;
  }
}

Oid multirange_range(Oid type) noexcept {
  switch (type) {
    case oids::int4multirange:
      return oids::int4range;
    case oids::int8multirange:
      return oids::int8range;
    case oids::nummultirange:
      return oids::numrange;
    case oids::tsmultirange:
      return oids::tsrange;
    case oids::tstzmultirange:
      return oids::tstzrange;
    case oids::datemultirange:
      return oids::daterange;
    default:
      return 0;
  }
}

std::string element_text(const Field& element) {
  return element.is_null() ? "NULL" : array_element(field_to_text(element));
}

class ArrayText {
 public:
  explicit ArrayText(const Field& field)
      : field_(field), header_(read_array_header(field)), at_(header_.elements) {}

  std::string run() {
    if (header_.dimensions == 0) return "{}";
    std::string bounds;
    bool usual = true;
    for (int i = 0; i < header_.dimensions; ++i) {
      const auto index = static_cast<std::size_t>(i);
      const std::int64_t lower = header_.lower_bounds[index];
      usual = usual && lower == 1;
      bounds += fmt::format("[{}:{}]", lower, lower + header_.sizes[index] - 1);
    }
    return (usual ? "" : bounds + "=") + dimension(0);
  }

 private:
  std::string dimension(int depth) {
    std::string out = "{";
    for (std::int32_t i = 0; i < header_.sizes[static_cast<std::size_t>(depth)]; ++i) {
      if (i > 0) out += ',';
      if (depth + 1 < header_.dimensions) {
        out += dimension(depth + 1);
      } else {
        out +=
            element_text(take_sized_value(at_, field_.data + field_.size, header_.element, field_));
      }
    }
    return out + '}';
  }

  const Field& field_;
  ArrayHeader header_;
  const char* at_;
};

std::string range_text(const Field& field) {
  // rangetypes.h: RANGE_EMPTY and its neighbours.
  constexpr unsigned empty = 0x01, lower_inclusive = 0x02, upper_inclusive = 0x04,
                     lower_infinite = 0x08, upper_infinite = 0x10;
  if (field.size < 1) throw_broken_bytes(field, "no flags");
  const unsigned flags = static_cast<unsigned char>(*field.data);
  if ((flags & empty) != 0) return "empty";
  const char* at = field.data + 1;
  const char* const end = field.data + field.size;
  const auto bound = [&](unsigned infinite) -> std::string {
    if ((flags & infinite) != 0) return {};
    const Field value = take_sized_value(at, end, range_subtype(field.type), field);
    return quoted(field_to_text(value), range_special, false);
  };
  std::string out = (flags & lower_inclusive) != 0 ? "[" : "(";
  out += bound(lower_infinite);
  out += ',';
  out += bound(upper_infinite);
  out += (flags & upper_inclusive) != 0 ? ']' : ')';
  return out;
}

// Each level doubles the quotes of the one below: beyond some levels the text outgrows any memory,
// and a server that lies could nest until the stack is gone.
class Nesting {
 public:
  explicit Nesting(const Field& field) {
    if (depth_ == deepest) throw_broken_bytes(field, "values nested in more than 24 levels");
    ++depth_;
  }
  ~Nesting() { --depth_; }
  Nesting(const Nesting&) = delete;
  Nesting& operator=(const Nesting&) = delete;

 private:
  static constexpr int deepest = 24;
  static thread_local int depth_;
};

thread_local int Nesting::depth_ = 0;

std::int32_t take_count(const Field& field) {
  if (field.size < 4) throw_broken_bytes(field, "no count");
  const auto count = wire::load<std::int32_t>(field.data);
  if (count < 0) throw_broken_bytes(field, "a negative count");
  return count;
}

std::string multirange_text(const Field& field) {
  const char* at = field.data + 4;
  std::string out = "{";
  for (std::int32_t i = take_count(field); i > 0; --i) {
    if (out.size() > 1) out += ',';
    out += range_text(
        take_sized_value(at, field.data + field.size, multirange_range(field.type), field));
  }
  return out + '}';
}

std::string record_text(const Field& field) {
  const std::int32_t count = take_count(field);
  const char* at = field.data + 4;
  const char* const end = field.data + field.size;
  std::string out = "(";
  for (std::int32_t i = 0; i < count; ++i) {
    if (end - at < 4) throw_broken_bytes(field, "a column that is cut off");
    const auto type = wire::load<std::uint32_t>(at);
    at += 4;
    const Field value = take_sized_value(at, end, type, field);
    if (i > 0) out += ',';
    if (!value.is_null()) out += quoted(field_to_text(value), record_special, false);
  }
  return out + ')';
}

}  // namespace

bool is_composite(Oid type) noexcept {
  return type == oids::record || oids::element_type(type) != 0 || range_subtype(type) != 0 ||
         multirange_range(type) != 0;
}

std::string composite_text(const Field& field) {
  const Nesting nesting(field);
  if (field.type == oids::record) return record_text(field);
  if (range_subtype(field.type) != 0) return range_text(field);
  if (multirange_range(field.type) != 0) return multirange_text(field);
  return ArrayText(field).run();
}

std::string quoted(std::string_view text, std::string_view special, bool backslashes) {
  bool needed = text.empty();
  for (const char c : text)
    needed = needed || is_space(c) || special.find(c) != special.npos;
  if (!needed) return std::string(text);
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += backslashes ? '\\' : c;
    out += c;
  }
  return out + '"';
}

std::string array_element(std::string_view text) {
  if (equals_ignoring_case(text, "null")) return '"' + std::string(text) + '"';
  return quoted(text, "{},\"\\", true);
}

bool is_utf8(std::string_view text) noexcept {
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t length = lead < 0x80             ? 1
                               : (lead & 0xE0) == 0xC0 ? 2
                               : (lead & 0xF0) == 0xE0 ? 3
                               : (lead & 0xF8) == 0xF0 ? 4
                                                       : 0;
    if (length == 0 || i + length > text.size()) return false;
    for (std::size_t k = 1; k < length; ++k) {
      if ((static_cast<unsigned char>(text[i + k]) & 0xC0) != 0x80) return false;
    }
    i += length;
  }
  return true;
}

}  // namespace qm::query

// Ranges in both formats; see range_codec.hpp.
#include <quartermaster/codec.hpp>

#include "query/array_wire.hpp"
#include "query/composite_text.hpp"
#include "query/decode_error.hpp"
#include "query/text_scanner.hpp"

namespace qm::detail {
namespace {

// rangetypes.h: RANGE_EMPTY and its neighbours.
constexpr unsigned empty_flag = 0x01, lower_inclusive_flag = 0x02, upper_inclusive_flag = 0x04,
                   lower_infinite_flag = 0x08, upper_infinite_flag = 0x10;

// One bound up to its end; none when nothing is there. Quotes and backslashes as range_out() puts
// them.
bool take_bound(query::TextScanner& scanner, std::string_view ends, std::string& bound,
                const Field& range) {
  bool found = false;
  bool quoted = false;
  while (quoted || ends.find(scanner.peek()) == ends.npos) {
    if (scanner.at_end()) query::throw_broken_bytes(range, "no end");
    const char c = scanner.peek();
    scanner.skip(1);
    found = true;
    if (c == '"') {
      if (!quoted || scanner.peek() != '"') {
        quoted = !quoted;
        continue;
      }
      scanner.skip(1);
    } else if (c == '\\') {
      bound += scanner.peek();
      scanner.skip(scanner.at_end() ? 0 : 1);
      continue;
    }
    bound += c;
  }
  return found;
}

}  // namespace

RangeReader::RangeReader(const Field& range, Oid expected, Oid bound) {
  if (range.is_null()) query::require_value(range, expected);
  lower = upper = Field{.data = nullptr, .size = 0, .format = range.format, .type = bound};
  if (range.format == 0) {
    read_text(range);
    return;
  }
  if (!oids::is_open(range.type)) query::require_value(range, expected);
  if (range.size < 1) query::throw_broken_bytes(range, "no flags");
  const unsigned flags = static_cast<unsigned char>(*range.data);
  empty = (flags & empty_flag) != 0;
  lower_inclusive = (flags & lower_inclusive_flag) != 0;
  upper_inclusive = (flags & upper_inclusive_flag) != 0;
  const char* at = range.data + 1;
  const char* const end = range.data + range.size;
  const auto take = [&](unsigned infinite, Field& value) {
    if (empty || (flags & infinite) != 0) return;
    value = query::take_sized_value(at, end, bound, range);
    if (value.is_null()) query::throw_broken_bytes(range, "a bound that is NULL");
  };
  take(lower_infinite_flag, lower);
  take(upper_infinite_flag, upper);
  if (at != end) query::throw_broken_bytes(range, "bytes after its end");
}

void RangeReader::read_text(const Field& range) {
  query::TextScanner scanner(query::text_of(range));
  if (query::equals_ignoring_case(scanner.rest(), "empty")) {
    empty = true;
    return;
  }
  lower_inclusive = scanner.peek() == '[';
  if (!scanner.eat('[') && !scanner.eat('(')) query::throw_broken_bytes(range, "no [ or (");
  const auto set = [](Field& field, const std::string& text) {
    field.data = text.data();
    field.size = static_cast<int>(text.size());
  };
  if (take_bound(scanner, ",", lower_text_, range)) set(lower, lower_text_);
  scanner.skip(1);
  if (take_bound(scanner, ")]", upper_text_, range)) set(upper, upper_text_);
  upper_inclusive = scanner.peek() == ']';
  scanner.skip(1);
  if (!scanner.at_end()) query::throw_broken_bytes(range, "text after its end");
}

std::string to_string(const RangeText& range) {
  if (range.empty) return "empty";
  const auto bound = [](const std::optional<std::string>& text) {
    return text ? query::quoted(*text, query::range_special, false) : std::string();
  };
  std::string out = range.lower && range.lower_inclusive ? "[" : "(";
  out += bound(range.lower);
  out += ',';
  out += bound(range.upper);
  out += range.upper && range.upper_inclusive ? ']' : ')';
  return out;
}

}  // namespace qm::detail

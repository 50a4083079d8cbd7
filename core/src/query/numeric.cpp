// Numeric as text: what numeric_in() of PostgreSQL reads, in the form in which numeric_out() prints
// it. The value is never computed: digits are moved around a decimal point.
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <quartermaster/error.hpp>
#include <quartermaster/types.hpp>

#include "query/decode_error.hpp"
#include "query/numeric_wire.hpp"
#include "query/text_scanner.hpp"

namespace qm {

namespace {

using query::is_digit;
using query::TextScanner;

struct Literal {
  bool negative = false;
  std::string digits;      // all digits, leading zeros included
  std::int64_t point = 0;  // how many of them are before the decimal point; may be outside
  std::int64_t scale = 0;  // digits after the point as written, exponent applied, never < 0
};

std::string_view trim(std::string_view text) noexcept {
  while (!text.empty() && query::is_space(text.front()))
    text.remove_prefix(1);
  while (!text.empty() && query::is_space(text.back()))
    text.remove_suffix(1);
  return text;
}

// "" unless the text is a name for a value that is not finite.
std::string_view special_value(std::string_view text) noexcept {
  if (query::equals_ignoring_case(text, "nan")) return "NaN";
  for (const std::string_view name : {"infinity", "inf"}) {
    if (query::equals_ignoring_case(text, name)) return "Infinity";
    if (text.empty() || !query::equals_ignoring_case(text.substr(1), name)) continue;
    if (text.front() == '+') return "Infinity";
    if (text.front() == '-') return "-Infinity";
  }
  return {};
}

[[noreturn]] void throw_no_literal(std::string_view text) {
  query::throw_unreadable_text("numeric", "a decimal number, NaN or Infinity", text);
}

[[noreturn]] void throw_too_large(std::string_view text) {
  query::throw_unreadable_text(
      "numeric", "at most 131072 digits before the decimal point and 16383 after it", text);
}

std::int64_t scan_exponent(TextScanner& scanner, std::string_view text) {
  const bool negative = scanner.eat('-');
  if (!negative) scanner.eat('+');
  if (!is_digit(scanner.peek())) throw_no_literal(text);
  constexpr std::int64_t limit = std::numeric_limits<std::int32_t>::max() / 2;
  std::int64_t exponent = 0;
  for (; is_digit(scanner.peek()); scanner.skip(1)) {
    exponent = std::min(limit, exponent * 10 + (scanner.peek() - '0'));
  }
  if (exponent >= limit) throw_too_large(text);
  return negative ? -exponent : exponent;
}

Literal scan_literal(std::string_view text) {
  TextScanner scanner(text);
  Literal literal;
  literal.negative = scanner.eat('-');
  if (!literal.negative) scanner.eat('+');
  for (; is_digit(scanner.peek()); scanner.skip(1))
    literal.digits += scanner.peek();
  literal.point = static_cast<std::int64_t>(literal.digits.size());
  if (scanner.eat('.')) {
    for (; is_digit(scanner.peek()); scanner.skip(1))
      literal.digits += scanner.peek();
  }
  if (literal.digits.empty()) throw_no_literal(text);
  literal.scale = static_cast<std::int64_t>(literal.digits.size()) - literal.point;
  if (scanner.eat('e') || scanner.eat('E')) {
    const std::int64_t exponent = scan_exponent(scanner, text);
    literal.point += exponent;
    literal.scale = std::max<std::int64_t>(0, literal.scale - exponent);
  }
  if (!scanner.at_end()) throw_no_literal(text);
  return literal;
}

std::string print(Literal literal, std::string_view text) {
  const std::size_t leading = literal.digits.find_first_not_of('0');
  const bool is_zero = leading == std::string::npos;
  if (literal.scale > query::numeric_max_scale) throw_too_large(text);
  std::string out;
  if (is_zero) {
    out = "0";
    if (literal.scale > 0) out += "." + std::string(static_cast<std::size_t>(literal.scale), '0');
    return out;  // zero has no sign
  }
  literal.digits.erase(0, leading);
  literal.point -= static_cast<std::int64_t>(leading);
  if (literal.point > query::numeric_max_integer_digits) throw_too_large(text);

  if (literal.negative) out += '-';
  const auto size = static_cast<std::int64_t>(literal.digits.size());
  if (literal.point <= 0) {
    out += '0';
  } else {
    const std::int64_t taken = std::min(literal.point, size);
    out.append(literal.digits, 0, static_cast<std::size_t>(taken));
    out.append(static_cast<std::size_t>(literal.point - taken), '0');
  }
  if (literal.scale > 0) {
    out += '.';
    const std::int64_t zeros = std::clamp<std::int64_t>(-literal.point, 0, literal.scale);
    out.append(static_cast<std::size_t>(zeros), '0');
    const std::int64_t from = std::clamp<std::int64_t>(literal.point, 0, size);
    out.append(literal.digits, static_cast<std::size_t>(from), std::string::npos);
  }
  return out;
}

// Cuts a canonical, finite text to `scale` digits after the point, or pads it.
std::string round_half_away(std::string text, std::size_t scale) {
  const bool negative = text.front() == '-';
  if (negative) text.erase(0, 1);
  const std::size_t dot = std::min(text.find('.'), text.size());
  const std::size_t fraction = text.size() - std::min(text.size(), dot + 1);
  if (fraction <= scale) {
    if (scale > 0) {
      if (dot == text.size()) text += '.';
      text.append(scale - fraction, '0');
    }
  } else {
    const std::size_t first_cut = dot + 1 + scale;
    const bool up = text[first_cut] >= '5';
    text.erase(scale == 0 ? dot : first_cut);
    bool carry = up;
    for (std::size_t i = text.size(); carry && i-- > 0;) {
      if (text[i] == '.') continue;
      carry = text[i] == '9';
      text[i] = carry ? '0' : static_cast<char>(text[i] + 1);
    }
    if (carry) text.insert(0, 1, '1');
  }
  const bool is_zero = text.find_first_not_of("0.") == std::string::npos;
  return negative && !is_zero ? "-" + text : text;
}

}  // namespace

Numeric::Numeric(std::string_view text) {
  const std::string_view literal = trim(text);
  if (const auto special = special_value(literal); !special.empty()) {
    text_ = special;
  } else {
    text_ = print(scan_literal(literal), literal);
  }
}

Numeric::Numeric(std::int64_t value) : text_(std::to_string(value)) {}

Numeric Numeric::from_double(double value, int scale) {
  if (scale < 0 || scale > 1000) {
    throw DecodeError(Report{
        .object = "numeric", .expected = "a scale of 0 to 1000", .found = std::to_string(scale)});
  }
  if (std::isnan(value)) return NumericAccess::from_canonical("NaN");
  if (std::isinf(value)) return NumericAccess::from_canonical(value > 0 ? "Infinity" : "-Infinity");
  std::array<char, 32> shortest{};
  const auto end = std::to_chars(shortest.data(), shortest.data() + shortest.size(), value).ptr;
  const Numeric exact(
      std::string_view(shortest.data(), static_cast<std::size_t>(end - shortest.data())));
  return NumericAccess::from_canonical(
      round_half_away(exact.text(), static_cast<std::size_t>(scale)));
}

double Numeric::to_double() const {
  if (text_ == "NaN") return std::numeric_limits<double>::quiet_NaN();
  constexpr double infinity = std::numeric_limits<double>::infinity();
  if (text_ == "Infinity") return infinity;
  if (text_ == "-Infinity") return -infinity;
  double value = 0;
  const auto [end, error] = std::from_chars(text_.data(), text_.data() + text_.size(), value);
  if (error == std::errc::result_out_of_range) {
    // from_chars() does not say whether the number is too large or too small.
    const bool negative = text_.front() == '-';
    const bool is_small = text_.compare(negative ? 1 : 0, 2, "0.") == 0;
    const double magnitude = is_small ? 0.0 : infinity;
    return negative ? -magnitude : magnitude;
  }
  return value;
}

}  // namespace qm

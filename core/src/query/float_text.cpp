// Shortest digits by std::to_chars, laid out after PostgreSQL's rules, which differ from C's %g in
// where they change to an exponent.
#include "query/float_text.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <string_view>

namespace qm::query {

namespace {

template <class T>
std::string print(T value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "Infinity" : "-Infinity";
  if (value == 0) return std::signbit(value) ? "-0" : "0";

  std::array<char, 40> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                 std::chars_format::scientific)
                       .ptr;
  const std::string_view scientific(buffer.data(), static_cast<std::size_t>(end - buffer.data()));
  const std::size_t e = scientific.find('e');
  const std::string_view power = scientific.substr(e + 1);
  int exponent = 0;
  std::from_chars(power.data() + 1, power.data() + power.size(), exponent);
  if (power.front() == '-') exponent = -exponent;
  if (exponent < -4 || exponent >= std::numeric_limits<T>::digits10) return std::string(scientific);

  std::string sign;
  std::string digits;
  for (const char character : scientific.substr(0, e)) {
    if (character == '-') sign = "-";
    if (character >= '0' && character <= '9') digits += character;
  }
  if (exponent < 0) {
    return sign + "0." + std::string(static_cast<std::size_t>(-exponent - 1), '0') + digits;
  }
  const auto integer = static_cast<std::size_t>(exponent) + 1;
  if (digits.size() <= integer) return sign + digits + std::string(integer - digits.size(), '0');
  return sign + digits.substr(0, integer) + "." + digits.substr(integer);
}

}  // namespace

std::string float_text(float value) {
  return print(value);
}

std::string float_text(double value) {
  return print(value);
}

}  // namespace qm::query

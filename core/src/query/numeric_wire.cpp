// Numeric's binary form (numeric_send() of PostgreSQL): number of base-10000 digits, weight of the
// first one (value = sum of digit * 10000^weight, counting down), sign, display scale, digits.
#include "query/numeric_wire.hpp"

#include <algorithm>
#include <quartermaster/codec.hpp>

#include "query/decode_error.hpp"
#include "query/text_scanner.hpp"

namespace qm {

namespace {

constexpr std::uint16_t positive = 0x0000;
constexpr std::uint16_t negative = 0x4000;
constexpr std::uint16_t not_a_number = 0xC000;
constexpr std::uint16_t infinity = 0xD000;
constexpr std::uint16_t minus_infinity = 0xF000;
constexpr int header_size = 8;

// A canonical text taken apart into groups of four digits, numbered by their power of 10000.
struct Groups {
  std::uint16_t sign = positive;
  std::string_view integer;
  std::string_view fraction;
  int first = 0;  // the highest group that is not zero; first < last: there is none
  int last = 1;

  explicit Groups(std::string_view text) {
    if (text == "NaN") sign = not_a_number;
    if (text == "Infinity") sign = infinity;
    if (text == "-Infinity") sign = minus_infinity;
    if (sign != positive) return;
    if (text.front() == '-') {
      sign = negative;
      text.remove_prefix(1);
    }
    const std::size_t dot = text.find('.');
    integer = text.substr(0, dot);
    if (dot != std::string_view::npos) fraction = text.substr(dot + 1);
    first = static_cast<int>((integer.size() + 3) / 4) - 1;
    last = -static_cast<int>((fraction.size() + 3) / 4);
    while (first >= last && group(first) == 0)
      --first;
    while (last <= first && group(last) == 0)
      ++last;
  }

  std::size_t count() const noexcept {
    return first < last ? 0 : static_cast<std::size_t>(first - last + 1);
  }

  std::int16_t group(int power) const noexcept {
    int value = 0;
    for (int place = power * 4 + 3; place >= power * 4; --place) {
      value = value * 10 + (digit(place) - '0');
    }
    return static_cast<std::int16_t>(value);
  }

 private:
  // The digit at 10^place.
  char digit(int place) const noexcept {
    if (place >= 0) {
      const auto from_end = static_cast<std::size_t>(place) + 1;
      return from_end <= integer.size() ? integer[integer.size() - from_end] : '0';
    }
    const auto index = static_cast<std::size_t>(-place) - 1;
    return index < fraction.size() ? fraction[index] : '0';
  }
};

void append_group(std::string& out, int value, std::size_t digits = 4) {
  const char text[] = {
      static_cast<char>('0' + value / 1000), static_cast<char>('0' + value / 100 % 10),
      static_cast<char>('0' + value / 10 % 10), static_cast<char>('0' + value % 10)};
  out.append(text, digits);
}

std::string read_text(const Field& field) {
  if (field.size < header_size) query::throw_size(field, header_size);
  const auto count = wire::load<std::uint16_t>(field.data);
  const int weight = wire::load<std::int16_t>(field.data + 2);
  const auto sign = wire::load<std::uint16_t>(field.data + 4);
  const auto scale = wire::load<std::uint16_t>(field.data + 6);
  if (field.size != header_size + 2 * count) {
    query::throw_size(field, header_size + 2 * std::size_t{count});
  }
  // PostgreSQL leaves anything in the other fields of these three.
  if (sign == not_a_number) return "NaN";
  if (sign == infinity) return "Infinity";
  if (sign == minus_infinity) return "-Infinity";
  if (sign != positive && sign != negative) query::throw_broken_bytes(field, "its sign");
  if (scale > query::numeric_max_scale) query::throw_broken_bytes(field, "its scale");

  bool is_zero = true;
  const auto group = [&](int power) -> int {
    const int index = weight - power;
    if (index < 0 || index >= count) return 0;
    const int value =
        wire::load<std::int16_t>(field.data + header_size + std::ptrdiff_t{2} * index);
    if (value < 0 || value > 9999) query::throw_broken_bytes(field, "a digit beyond 9999");
    return value;
  };

  std::string text;
  for (int power = weight; power >= 0; --power) {
    const int value = group(power);
    if (text.empty() && value == 0) continue;
    is_zero = false;
    if (text.empty()) {
      text = std::to_string(value);
    } else {
      append_group(text, value);
    }
  }
  if (text.empty()) text = "0";
  if (scale > 0) text += '.';
  for (int left = scale, power = -1; left > 0; left -= 4, --power) {
    append_group(text, group(power), static_cast<std::size_t>(std::min(left, 4)));
  }
  if (is_zero) is_zero = text.find_first_not_of("0.") == std::string::npos;
  return sign == negative && !is_zero ? "-" + text : text;
}

}  // namespace

std::size_t Codec<Numeric>::wire_size(Oid target, const Numeric& value) {
  detail::require_target(target, oid);
  return header_size + 2 * Groups(value.text()).count();
}

void Codec<Numeric>::write(Oid, char* out, const Numeric& value) {
  const Groups groups(value.text());
  const std::size_t count = groups.count();
  out = wire::store(out, static_cast<std::uint16_t>(count));
  out = wire::store(out, static_cast<std::int16_t>(count == 0 ? 0 : groups.first));
  out = wire::store(out, groups.sign);
  out = wire::store(out, static_cast<std::uint16_t>(groups.fraction.size()));
  for (int power = groups.first; power >= groups.last; --power) {
    out = wire::store(out, groups.group(power));
  }
}

Numeric Codec<Numeric>::decode(const Field& field) {
  switch (field.type) {
    case oids::int2:
    case oids::int4:
    case oids::int8:
      return Numeric(Codec<std::int64_t>::decode(field));
    default:
      query::require_value(field, oid);
  }
  if (field.format == 0) return Numeric(query::text_of(field));
  return NumericAccess::from_canonical(read_text(field));
}

}  // namespace qm

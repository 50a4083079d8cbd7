// Interval as text, in and out, after EncodeInterval() of PostgreSQL: every unit has a sign of its
// own, hours have no upper bound but the 64 bits of the microseconds.
#include "query/interval.hpp"

#include <fmt/format.h>

#include <iterator>
#include <limits>

#include "query/calendar.hpp"
#include "query/decode_error.hpp"

namespace qm {

namespace {

using query::TextScanner;

// The time part by unit; the magnitude is unsigned, because that of the least value has no signed
// counterpart.
struct TimeParts {
  bool negative;
  std::uint64_t hours;
  std::uint64_t minutes;
  std::uint64_t seconds;
  std::uint64_t micros;
};

TimeParts split_time(std::int64_t micros) noexcept {
  const bool negative = micros < 0;
  const std::uint64_t total =
      negative ? ~static_cast<std::uint64_t>(micros) + 1 : static_cast<std::uint64_t>(micros);
  return {negative, total / query::micros_per_hour, total / query::micros_per_minute % 60,
          total / query::micros_per_second % 60, total % query::micros_per_second};
}

int infinity_sign(const Interval& interval) noexcept {
  using I32 = std::numeric_limits<std::int32_t>;
  using I64 = std::numeric_limits<std::int64_t>;
  if (interval == Interval{I32::max(), I32::max(), I64::max()}) return 1;
  if (interval == Interval{I32::min(), I32::min(), I64::min()}) return -1;
  return 0;
}

// Adds value * unit to a part; false when it does not fit.
template <class Part>
bool add(Part& part, std::int64_t value, std::int64_t unit) noexcept {
  std::int64_t scaled = 0;
  return !__builtin_mul_overflow(value, unit, &scaled) &&
         !__builtin_add_overflow(part, scaled, &part);
}

struct SignedNumber {
  bool negative = false;
  std::int64_t whole = 0;
  std::int64_t micros = 0;  // the fraction, in millionths

  std::int64_t value() const noexcept { return negative ? -whole : whole; }
};

std::optional<SignedNumber> scan_number(TextScanner& scanner, bool may_have_fraction) {
  SignedNumber number;
  number.negative = scanner.eat('-');
  if (!number.negative) scanner.eat('+');
  const auto whole = scanner.digits(1, 18);
  if (!whole) return std::nullopt;
  number.whole = *whole;
  if (may_have_fraction) {
    const auto micros = query::scan_fraction(scanner);
    if (!micros) return std::nullopt;
    number.micros = *micros;
  }
  return number;
}

bool add_seconds(Interval& interval, const SignedNumber& seconds) {
  return add(interval.micros, seconds.value(), query::micros_per_second) &&
         add(interval.micros, seconds.negative ? -seconds.micros : seconds.micros, 1);
}

bool scan_iso_unit(TextScanner& scanner, bool in_time, Interval& interval) {
  const auto number = scan_number(scanner, in_time);
  if (!number) return false;
  const std::int64_t value = number->value();
  if (in_time && scanner.eat('S')) return add_seconds(interval, *number);
  if (number->micros != 0) return false;
  if (in_time) {
    if (scanner.eat('H')) return add(interval.micros, value, query::micros_per_hour);
    return scanner.eat('M') && add(interval.micros, value, query::micros_per_minute);
  }
  if (scanner.eat('Y')) return add(interval.months, value, 12);
  if (scanner.eat('M')) return add(interval.months, value, 1);
  if (scanner.eat('W')) return add(interval.days, value, 7);
  return scanner.eat('D') && add(interval.days, value, 1);
}

bool scan_iso(TextScanner& scanner, Interval& interval) {
  bool in_time = scanner.eat('T');
  do {
    if (!scan_iso_unit(scanner, in_time, interval)) return false;
    if (!in_time) in_time = scanner.eat('T');
  } while (!scanner.at_end());
  return true;
}

// The clock at the end of the default style: 04:05:06.5, of which the hours are scanned already.
bool scan_clock(TextScanner& scanner, const SignedNumber& hours, Interval& interval) {
  const auto minutes = scanner.digits(2, 2);
  if (!minutes || *minutes > 59 || !scanner.eat(':')) return false;
  auto seconds = scan_number(scanner, true);
  if (!seconds || seconds->negative || seconds->whole > 59) return false;
  seconds->negative = hours.negative;
  return add(interval.micros, hours.value(), query::micros_per_hour) &&
         add(interval.micros, hours.negative ? -*minutes : *minutes, query::micros_per_minute) &&
         add_seconds(interval, *seconds) && scanner.at_end();
}

bool scan_postgres(TextScanner& scanner, Interval& interval) {
  struct Unit {
    std::string_view name;
    std::int32_t Interval::*part;
    std::int64_t size;
  };
  constexpr Unit units[] = {
      {"year", &Interval::months, 12}, {"mon", &Interval::months, 1}, {"day", &Interval::days, 1}};
  while (true) {
    const auto number = scan_number(scanner, false);
    if (!number) return false;
    if (scanner.eat(':')) return scan_clock(scanner, *number, interval);
    if (!scanner.eat(' ')) return false;
    bool known = false;
    for (const Unit& unit : units) {
      if (!scanner.eat(unit.name)) continue;
      if (!add(interval.*unit.part, number->value(), unit.size)) return false;
      known = true;
      break;
    }
    if (!known) return false;
    scanner.eat('s');
    if (scanner.at_end()) return true;
    if (!scanner.eat(' ')) return false;
  }
}

}  // namespace

std::string Interval::to_string() const {
  if (const int sign = infinity_sign(*this); sign != 0) return sign > 0 ? "infinity" : "-infinity";
  if (*this == Interval{}) return "PT0S";
  std::string text = "P";
  const auto append = [&text](std::int32_t value, char unit) {
    if (value != 0) fmt::format_to(std::back_inserter(text), "{}{}", value, unit);
  };
  append(months / 12, 'Y');
  append(months % 12, 'M');
  append(days, 'D');
  if (micros == 0) return text;

  text += 'T';
  const TimeParts time = split_time(micros);
  const char* sign = time.negative ? "-" : "";
  if (time.hours != 0) fmt::format_to(std::back_inserter(text), "{}{}H", sign, time.hours);
  if (time.minutes != 0) fmt::format_to(std::back_inserter(text), "{}{}M", sign, time.minutes);
  if (time.seconds != 0 || time.micros != 0) {
    fmt::format_to(std::back_inserter(text), "{}{}", sign, time.seconds);
    query::append_fraction(text, static_cast<std::int64_t>(time.micros));
    text += 'S';
  }
  return text;
}

Interval Interval::parse(std::string_view text) {
  using I32 = std::numeric_limits<std::int32_t>;
  using I64 = std::numeric_limits<std::int64_t>;
  if (text == "infinity") return {I32::max(), I32::max(), I64::max()};
  if (text == "-infinity") return {I32::min(), I32::min(), I64::min()};
  TextScanner scanner(text);
  Interval interval;
  const bool read =
      scanner.eat('P') ? scan_iso(scanner, interval) : scan_postgres(scanner, interval);
  if (!read) {
    query::throw_unreadable_text("interval",
                                 "\"1 year 2 mons 3 days 04:05:06\" or \"P1Y2M3DT4H5M6S\"", text);
  }
  return interval;
}

std::string query::postgres_text(const Interval& interval) {
  if (const int sign = infinity_sign(interval); sign != 0) {
    return sign > 0 ? "infinity" : "-infinity";
  }
  std::string text;
  bool after_negative = false;  // the next positive part shows its sign
  const auto append = [&](std::int32_t value, std::string_view unit) {
    if (value == 0) return;
    fmt::format_to(std::back_inserter(text), "{}{}{} {}{}", text.empty() ? "" : " ",
                   after_negative && value > 0 ? "+" : "", value, unit, value == 1 ? "" : "s");
    after_negative = value < 0;
  };
  append(interval.months / 12, "year");
  append(interval.months % 12, "mon");
  append(interval.days, "day");
  if (!text.empty() && interval.micros == 0) return text;

  const TimeParts time = split_time(interval.micros);
  const char* positive = after_negative ? "+" : "";
  fmt::format_to(std::back_inserter(text), "{}{}{:02}:{:02}:{:02}", text.empty() ? "" : " ",
                 time.negative ? "-" : positive, time.hours, time.minutes, time.seconds);
  append_fraction(text, static_cast<std::int64_t>(time.micros));
  return text;
}

}  // namespace qm

// Date, Timestamp, TimestampTz and TimeOfDay as text, and their conversion to std::chrono.
#include <quartermaster/error.hpp>
#include <quartermaster/types.hpp>
#include <type_traits>

#include "query/calendar.hpp"
#include "query/decode_error.hpp"

namespace qm {

namespace {

using query::TextScanner;

template <class Tag>
constexpr std::string_view name_of = std::is_same_v<Tag, Utc> ? "timestamptz" : "timestamp";

// Nothing unless the text is an infinity; then its sign.
int infinity_sign(std::string_view text) {
  if (query::equals_ignoring_case(text, "infinity")) return 1;
  if (query::equals_ignoring_case(text, "-infinity")) return -1;
  return 0;
}

// "Z", "+02", "-0330", "+05:30", "+00:19:32" in microseconds east of UTC.
std::optional<std::int64_t> scan_offset(TextScanner& scanner) {
  if (scanner.eat('Z') || scanner.eat('z')) return 0;
  const bool east = scanner.peek() == '+';
  if (!scanner.eat('+') && !scanner.eat('-')) return std::nullopt;
  std::int64_t hour = 0;
  std::int64_t minute = 0;
  std::int64_t second = 0;
  if (const auto compact = scanner.digits(4, 4)) {
    hour = *compact / 100;
    minute = *compact % 100;
  } else {
    const auto hours = scanner.digits(2, 2);
    if (!hours) return std::nullopt;
    hour = *hours;
    for (std::int64_t* part : {&minute, &second}) {
      if (!scanner.eat(':')) break;
      const auto value = scanner.digits(2, 2);
      if (!value) return std::nullopt;
      *part = *value;
    }
  }
  // PostgreSQL's limit is 15:59:59.
  if (hour > 15 || minute > 59 || second > 59) return std::nullopt;
  const std::int64_t offset = hour * query::micros_per_hour + minute * query::micros_per_minute +
                              second * query::micros_per_second;
  return east ? offset : -offset;
}

template <class Tag>
std::optional<std::int64_t> scan_timestamp(TextScanner& scanner) {
  const auto date = query::scan_date(scanner);
  if (!date) return std::nullopt;
  std::int64_t time = 0;
  std::int64_t offset = 0;
  const bool only_date = scanner.at_end() || scanner.rest() == " BC";
  if (!only_date) {
    if (!scanner.eat(' ') && !scanner.eat('T') && !scanner.eat('t')) return std::nullopt;
    const auto scanned = query::scan_time(scanner);
    if (!scanned) return std::nullopt;
    time = *scanned;
  }
  if constexpr (std::is_same_v<Tag, Utc>) {
    const auto scanned = scan_offset(scanner);
    if (!scanned) return std::nullopt;
    offset = *scanned;
  }
  const auto days = query::finish_date(scanner, *date);
  if (!days || !scanner.at_end()) return std::nullopt;

  constexpr std::int64_t first = -210'866'803'200'000'000;  // 4714-11-24 BC
  std::int64_t micros = 0;
  if (__builtin_mul_overflow(*days, query::micros_per_day, &micros) ||
      __builtin_add_overflow(micros, time - offset, &micros) || micros < first ||
      micros == BasicTimestamp<Tag>::infinity_micros) {
    return std::nullopt;
  }
  return micros;
}

std::int64_t floor_days(std::int64_t micros) noexcept {
  const std::int64_t days = micros / query::micros_per_day;
  return micros % query::micros_per_day < 0 ? days - 1 : days;
}

}  // namespace

std::chrono::year_month_day Date::ymd() const {
  const query::CivilDate date = query::civil_from_days(days);
  if (!is_finite() || date.year < -32767 || date.year > 32767) {
    throw DecodeError(Report{
        .object = "date", .expected = "a year that std::chrono can hold", .found = to_string()});
  }
  return std::chrono::year_month_day(std::chrono::year(static_cast<int>(date.year)),
                                     std::chrono::month(static_cast<unsigned>(date.month)),
                                     std::chrono::day(static_cast<unsigned>(date.day)));
}

Date Date::parse(std::string_view text) {
  if (const int sign = infinity_sign(text); sign != 0) {
    return Date(sign > 0 ? infinity_days : minus_infinity_days);
  }
  TextScanner scanner(text);
  const auto date = query::scan_date(scanner);
  const auto days = date ? query::finish_date(scanner, *date) : std::nullopt;
  if (!days || !scanner.at_end()) {
    query::throw_unreadable_text("date", "a day as YYYY-MM-DD", text);
  }
  return Date(static_cast<std::int32_t>(*days));
}

std::string Date::to_string() const {
  if (!is_finite()) return days == infinity_days ? "infinity" : "-infinity";
  const query::CivilDate date = query::civil_from_days(days);
  std::string text;
  query::append_date(text, date);
  query::append_era(text, date);
  return text;
}

template <class Tag>
std::chrono::system_clock::time_point BasicTimestamp<Tag>::time_point() const {
  using Duration = std::chrono::system_clock::duration;
  const auto least = std::chrono::ceil<std::chrono::microseconds>(Duration::min());
  const auto most = std::chrono::floor<std::chrono::microseconds>(Duration::max());
  const std::chrono::microseconds since_epoch(micros);
  if (!is_finite() || since_epoch < least || since_epoch > most) {
    throw DecodeError(Report{.object = std::string(name_of<Tag>),
                             .expected = "a time that std::chrono::system_clock can hold",
                             .found = to_string()});
  }
  return std::chrono::system_clock::time_point(std::chrono::duration_cast<Duration>(since_epoch));
}

template <class Tag>
BasicTimestamp<Tag> BasicTimestamp<Tag>::parse(std::string_view text) {
  if (const int sign = infinity_sign(text); sign != 0) {
    return BasicTimestamp(sign > 0 ? infinity_micros : minus_infinity_micros);
  }
  TextScanner scanner(text);
  const auto time = scan_timestamp<Tag>(scanner);
  if (!time) {
    constexpr std::string_view expected = std::is_same_v<Tag, Utc>
                                              ? "a time as YYYY-MM-DD HH:MM:SS with an offset or Z"
                                              : "a time as YYYY-MM-DD HH:MM:SS without an offset";
    query::throw_unreadable_text(name_of<Tag>, expected, text);
  }
  return BasicTimestamp(*time);
}

template <class Tag>
std::string BasicTimestamp<Tag>::to_string() const {
  if (!is_finite()) return micros == infinity_micros ? "infinity" : "-infinity";
  const std::int64_t days = floor_days(micros);
  const query::CivilDate date = query::civil_from_days(days);
  std::string text;
  query::append_date(text, date);
  text += ' ';
  const std::int64_t rest = micros % query::micros_per_day;
  query::append_time(text, rest < 0 ? rest + query::micros_per_day : rest);
  if constexpr (std::is_same_v<Tag, Utc>) text += "+00";
  query::append_era(text, date);
  return text;
}

TimeOfDay TimeOfDay::parse(std::string_view text) {
  TextScanner scanner(text);
  const auto time = query::scan_time(scanner);
  if (!time || !scanner.at_end()) {
    query::throw_unreadable_text("time", "a time of day as HH:MM:SS up to 24:00:00", text);
  }
  return TimeOfDay{*time};
}

std::string TimeOfDay::to_string() const {
  std::string text;
  query::append_time(text, micros);
  return text;
}

template struct BasicTimestamp<WithoutZone>;
template struct BasicTimestamp<Utc>;

}  // namespace qm

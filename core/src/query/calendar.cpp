// Calendar arithmetic and text; see the header. The day count runs over 400-year cycles of 146097
// days that begin on 1 March, so that the leap day is the last of its year.
#include "query/calendar.hpp"

#include <fmt/format.h>

#include <array>
#include <iterator>

namespace qm::query {

namespace {

constexpr std::int64_t days_per_cycle = 146097;
constexpr std::int64_t days_to_epoch = 719468;  // 0000-03-01 to 1970-01-01
constexpr std::int64_t first_day = -2440588;    // Julian day 0, 4714-11-24 BC
constexpr std::int64_t last_day = 2145042905;   // 5874897-12-31

constexpr std::int64_t floor_div(std::int64_t value, std::int64_t divisor) noexcept {
  return value >= 0 ? value / divisor : -((-(value + 1)) / divisor) - 1;
}

bool is_leap(std::int64_t year) noexcept {
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int days_in_month(std::int64_t year, int month) noexcept {
  constexpr std::array<int, 12> days{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && is_leap(year) ? 29 : days[static_cast<std::size_t>(month - 1)];
}

}  // namespace

std::int64_t days_from_civil(const CivilDate& date) noexcept {
  const std::int64_t year = date.month <= 2 ? date.year - 1 : date.year;
  const std::int64_t cycle = floor_div(year, 400);
  const std::int64_t year_of_cycle = year - cycle * 400;
  const std::int64_t month_from_march = (date.month + 9) % 12;
  const std::int64_t day_of_year = (153 * month_from_march + 2) / 5 + date.day - 1;
  const std::int64_t day_of_cycle =
      year_of_cycle * 365 + year_of_cycle / 4 - year_of_cycle / 100 + day_of_year;
  return cycle * days_per_cycle + day_of_cycle - days_to_epoch;
}

CivilDate civil_from_days(std::int64_t days) noexcept {
  const std::int64_t since_march = days + days_to_epoch;
  const std::int64_t cycle = floor_div(since_march, days_per_cycle);
  const std::int64_t day_of_cycle = since_march - cycle * days_per_cycle;
  const std::int64_t year_of_cycle =
      (day_of_cycle - day_of_cycle / 1460 + day_of_cycle / 36524 - day_of_cycle / 146096) / 365;
  const std::int64_t day_of_year =
      day_of_cycle - (365 * year_of_cycle + year_of_cycle / 4 - year_of_cycle / 100);
  const std::int64_t month_from_march = (5 * day_of_year + 2) / 153;
  CivilDate date;
  date.day = static_cast<int>(day_of_year - (153 * month_from_march + 2) / 5 + 1);
  date.month =
      static_cast<int>(month_from_march < 10 ? month_from_march + 3 : month_from_march - 9);
  date.year = year_of_cycle + cycle * 400 + (date.month <= 2 ? 1 : 0);
  return date;
}

void append_date(std::string& out, const CivilDate& date) {
  const std::int64_t year = date.year > 0 ? date.year : 1 - date.year;
  fmt::format_to(std::back_inserter(out), "{:04}-{:02}-{:02}", year, date.month, date.day);
}

void append_era(std::string& out, const CivilDate& date) {
  if (date.year <= 0) out += " BC";
}

void append_time(std::string& out, std::int64_t micros) {
  fmt::format_to(std::back_inserter(out), "{:02}:{:02}:{:02}", micros / micros_per_hour,
                 micros / micros_per_minute % 60, micros / micros_per_second % 60);
  append_fraction(out, micros % micros_per_second);
}

void append_fraction(std::string& out, std::int64_t micros) {
  if (micros == 0) return;
  fmt::format_to(std::back_inserter(out), ".{:06}", micros);
  out.erase(out.find_last_not_of('0') + 1);
}

std::optional<CivilDate> scan_date(TextScanner& scanner) {
  const auto year = scanner.digits(4, 7);
  if (!year || !scanner.eat('-')) return std::nullopt;
  const auto month = scanner.digits(2, 2);
  if (!month || !scanner.eat('-')) return std::nullopt;
  const auto day = scanner.digits(2, 2);
  if (!day) return std::nullopt;
  return CivilDate{*year, static_cast<int>(*month), static_cast<int>(*day)};
}

std::optional<std::int64_t> finish_date(TextScanner& scanner, CivilDate date) {
  if (date.year == 0) return std::nullopt;
  if (scanner.eat(" BC") || scanner.eat(" bc")) date.year = 1 - date.year;
  if (date.month < 1 || date.month > 12) return std::nullopt;
  if (date.day < 1 || date.day > days_in_month(date.year, date.month)) return std::nullopt;
  const std::int64_t days = days_from_civil(date);
  if (days < first_day || days > last_day) return std::nullopt;
  return days;
}

std::optional<std::int64_t> scan_time(TextScanner& scanner) {
  const auto hour = scanner.digits(2, 2);
  if (!hour || !scanner.eat(':')) return std::nullopt;
  const auto minute = scanner.digits(2, 2);
  if (!minute || *minute > 59) return std::nullopt;
  std::int64_t second = 0;
  std::int64_t fraction = 0;
  if (scanner.eat(':')) {
    const auto seconds = scanner.digits(2, 2);
    // 60 is a leap second, which PostgreSQL reads as the first second of the next minute.
    if (!seconds || *seconds > 60) return std::nullopt;
    const auto micros = scan_fraction(scanner);
    if (!micros || (*seconds == 60 && *micros != 0)) return std::nullopt;
    second = *seconds;
    fraction = *micros;
  }
  const std::int64_t time =
      *hour * micros_per_hour + *minute * micros_per_minute + second * micros_per_second + fraction;
  if (time > micros_per_day) return std::nullopt;
  return time;
}

std::optional<std::int64_t> scan_fraction(TextScanner& scanner) {
  if (!scanner.eat('.')) return 0;
  if (!is_digit(scanner.peek())) return std::nullopt;
  std::int64_t micros = 0;
  for (int place = 0; place < 6; ++place) {
    micros *= 10;
    if (is_digit(scanner.peek())) {
      micros += scanner.peek() - '0';
      scanner.skip(1);
    }
  }
  if (!is_digit(scanner.peek())) return micros;
  const char next = scanner.peek();
  scanner.skip(1);
  bool beyond_half = false;
  for (; is_digit(scanner.peek()); scanner.skip(1))
    beyond_half |= scanner.peek() != '0';
  if (next > '5' || (next == '5' && (beyond_half || micros % 2 == 1))) ++micros;
  return micros;
}

}  // namespace qm::query

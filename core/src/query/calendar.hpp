// The proleptic Gregorian calendar as PostgreSQL prints it, and pieces of date and time text shared
// by dates, timestamps, times and intervals. Not for time zones: everything here is UTC.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "query/text_scanner.hpp"

namespace qm::query {

inline constexpr std::int64_t micros_per_second = 1'000'000;
inline constexpr std::int64_t micros_per_minute = 60 * micros_per_second;
inline constexpr std::int64_t micros_per_hour = 60 * micros_per_minute;
inline constexpr std::int64_t micros_per_day = 24 * micros_per_hour;

struct CivilDate {
  std::int64_t year = 1970;  // astronomical: 0 is 1 BC
  int month = 1;
  int day = 1;
};

std::int64_t days_from_civil(const CivilDate& date) noexcept;  // since 1970-01-01
CivilDate civil_from_days(std::int64_t days) noexcept;

// "2024-05-06"; the year has at least four digits and no sign (see append_era).
void append_date(std::string& out, const CivilDate& date);
// " BC" for years before 1.
void append_era(std::string& out, const CivilDate& date);
// "07:08:09.5": hours of at least two digits, the fraction without trailing zeros.
void append_time(std::string& out, std::int64_t micros);
// ".5" or nothing; 0 <= micros < 1'000'000.
void append_fraction(std::string& out, std::int64_t micros);

// YYYY-MM-DD with four to seven digits of year; a day that the month has. BC is not consumed.
std::optional<CivilDate> scan_date(TextScanner& scanner);
// Takes " BC" when there, and gives the days since 1970-01-01; nothing for a day that does not
// exist (year 0, 30 February) or is outside PostgreSQL's range.
std::optional<std::int64_t> finish_date(TextScanner& scanner, CivilDate date);
// HH:MM[:SS[.f...]] up to 24:00:00, in microseconds; more than six digits are rounded.
std::optional<std::int64_t> scan_time(TextScanner& scanner);
// ".f..." in microseconds, rounded half to even as rint() does; 0 when there is no point.
std::optional<std::int64_t> scan_fraction(TextScanner& scanner);

}  // namespace qm::query

// The C++ values of PostgreSQL types that the standard library has no type for. Plain values,
// comparable, without I/O; the wire formats are in codec.hpp.
//
//   bool, smallint, integer, bigint, real, double precision   bool, std::int16_t ... double
//   text, varchar, bpchar, name and any type without a codec  std::string (UTF-8)
//   bytea        Bytes            numeric   Numeric         uuid      Uuid
//   date         Date             timestamp Timestamp       timestamptz TimestampTz
//   time         TimeOfDay        interval  Interval        json, jsonb Json
//   inet, cidr   Inet             oid       Oid             T[]       std::vector<T>
//   NULL         std::optional      int4range, tstzrange ...  Range<T> (range_codec.hpp)
//   a composite  a struct (composite_codec.hpp)
#pragma once

#include <array>
#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <quartermaster/export.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace qm {

using Oid = std::uint32_t;

using Bytes = std::vector<std::byte>;

// RFC 4122, bytes in network order.
struct Uuid {
  std::array<std::uint8_t, 16> bytes{};

  // Accepts what PostgreSQL's uuid input accepts: any case, optional braces, hyphens after any
  // group of four digits. Throws DecodeError.
  QM_API static Uuid parse(std::string_view text);
  QM_API std::string to_string() const;  // 8-4-4-4-12, lower case
  friend auto operator<=>(const Uuid&, const Uuid&) = default;
};

// A decimal number of PostgreSQL's numeric: exact text in canonical form ("-12.340", "NaN",
// "Infinity"), scale kept. Arithmetic is the application's; to_double() rounds.
class Numeric {
 public:
  Numeric() : text_("0") {}
  // Accepts what PostgreSQL's numeric input accepts and keeps what it would print: "1e5" becomes
  // "100000", "-.50" becomes "-0.50", "inf" becomes "Infinity". Throws DecodeError otherwise, also
  // beyond PostgreSQL's range (131072 digits before the point, 16383 after it).
  QM_API explicit Numeric(std::string_view text);
  QM_API Numeric(std::int64_t value);
  // Rounds the shortest decimal text that reads back as `value`, half away from zero: 2.675 with
  // scale 2 is 2.68, as the person who wrote 2.675 expects. Throws DecodeError unless scale is
  // 0..1000.
  QM_API static Numeric from_double(double value, int scale);
  const std::string& text() const noexcept { return text_; }
  QM_API double to_double() const;  // nearest; beyond double's range +-infinity or 0
  // Equal text: 1.0 and 1.00 differ, as their scales do.
  friend bool operator==(const Numeric&, const Numeric&) = default;

 private:
  friend struct NumericAccess;  // the wire codec, whose text is canonical by construction
  std::string text_;
};

// Days since 1970-01-01, proleptic Gregorian; PostgreSQL's range is 4714-11-24 BC to 5874897-12-31
// and +-infinity. Days beyond it can be printed, but not sent.
struct Date {
  std::int32_t days = 0;

  static constexpr std::int32_t infinity_days = INT32_MAX;
  static constexpr std::int32_t minus_infinity_days = INT32_MIN;
  bool is_finite() const noexcept { return days != infinity_days && days != minus_infinity_days; }

  Date() = default;
  constexpr explicit Date(std::int32_t days_since_epoch) : days(days_since_epoch) {}
  constexpr explicit Date(std::chrono::sys_days day)
      : days(static_cast<std::int32_t>(day.time_since_epoch().count())) {}
  // Throws DecodeError for infinities and years beyond std::chrono::year (+-32767).
  QM_API std::chrono::year_month_day ymd() const;
  QM_API static Date parse(std::string_view text);  // YYYY-MM-DD [BC], infinity, -infinity
  QM_API std::string to_string() const;
  friend auto operator<=>(const Date&, const Date&) = default;
};

// Microseconds since 1970-01-01 00:00:00; from 4714-11-24 BC to 294247-01-10 and +-infinity. (The
// last 30 years that PostgreSQL can count from the year 2000 do not fit: DecodeError.) Timestamp
// has no zone, TimestampTz is UTC: distinct types, so that one is not taken for the other.
template <class Tag>
struct BasicTimestamp {
  std::int64_t micros = 0;

  static constexpr std::int64_t infinity_micros = INT64_MAX;
  static constexpr std::int64_t minus_infinity_micros = INT64_MIN;
  bool is_finite() const noexcept {
    return micros != infinity_micros && micros != minus_infinity_micros;
  }

  BasicTimestamp() = default;
  constexpr explicit BasicTimestamp(std::int64_t micros_since_epoch) : micros(micros_since_epoch) {}
  constexpr explicit BasicTimestamp(std::chrono::system_clock::time_point time)
      : micros(std::chrono::duration_cast<std::chrono::microseconds>(time.time_since_epoch())
                   .count()) {}
  // Throws DecodeError for infinities and times beyond the clock's range (1677 to 2262).
  std::chrono::system_clock::time_point time_point() const;
  // "2024-05-06 07:08:09.5", also with T and BC, infinity, -infinity. A TimestampTz must carry its
  // offset (Z, +02, -03:30), a Timestamp must not.
  static BasicTimestamp parse(std::string_view text);
  std::string to_string() const;  // as PostgreSQL prints it in UTC: "2024-05-06 07:08:09.5+00"
  friend auto operator<=>(const BasicTimestamp&, const BasicTimestamp&) = default;
};
struct QM_API WithoutZone;
struct QM_API Utc;
using Timestamp = BasicTimestamp<WithoutZone>;
using TimestampTz = BasicTimestamp<Utc>;

// Microseconds since midnight, 0..86'400'000'000 (24:00:00 is a value of PostgreSQL's time).
struct TimeOfDay {
  std::int64_t micros = 0;

  QM_API static TimeOfDay parse(std::string_view text);  // HH:MM[:SS[.ffffff]]
  QM_API std::string to_string() const;
  friend auto operator<=>(const TimeOfDay&, const TimeOfDay&) = default;
};

// PostgreSQL keeps the three parts apart: a month has no fixed number of days.
struct Interval {
  std::int32_t months = 0;
  std::int32_t days = 0;
  std::int64_t micros = 0;

  // Reads what PostgreSQL prints: "1 year 2 mons -3 days 04:05:06.5" and "P1Y2M-3DT4H5M6.5S".
  QM_API static Interval parse(std::string_view text);
  // ISO 8601, as with intervalstyle = iso_8601: P1Y2M3DT4H5M6.5S. PostgreSQL 17's infinite
  // intervals (all three parts at their limit) are "infinity" and "-infinity".
  QM_API std::string to_string() const;
  friend bool operator==(const Interval&, const Interval&) = default;
};

// JSON text, valid by the sender's word: the server checks it.
struct Json {
  std::string text = "null";
  friend bool operator==(const Json&, const Json&) = default;
};

// An address or network: family, bytes in network order (IPv4 uses the first 4), prefix length.
struct Inet {
  bool is_v6 = false;
  bool is_cidr = false;
  std::uint8_t prefix = 32;
  std::array<std::uint8_t, 16> bytes{};

  // "192.0.2.1", "2001:db8::/32"; the result is an inet, set is_cidr for a network.
  QM_API static Inet parse(std::string_view text);
  QM_API std::string to_string() const;  // prefix omitted when it is the full length and not cidr
  friend bool operator==(const Inet&, const Inet&) = default;
};

QM_API std::string to_string(const Bytes& bytes);  // \x... as PostgreSQL prints it

extern template struct QM_API BasicTimestamp<WithoutZone>;
extern template struct QM_API BasicTimestamp<Utc>;

}  // namespace qm

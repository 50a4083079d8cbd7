// PostgreSQL's ranges as qm::Range<T>: int4range, int8range, numrange, tsrange, tstzrange and
// daterange, as values, parameters and elements of arrays. Included by codec.hpp.
#pragma once

#include <optional>
#include <quartermaster/codec.hpp>
#include <string>

namespace qm {

// From `lower` to `upper`; none is unbounded. The server keeps ranges of integers and dates in the
// form [lower, upper), and an empty one without bounds.
template <class T>
struct Range {
  std::optional<T> lower{};
  std::optional<T> upper{};
  bool lower_inclusive = true;
  bool upper_inclusive = false;
  bool empty = false;

  bool contains(const T& value) const requires requires(const T& a, const T& b) {
    { a < b } -> std::convertible_to<bool>;
  }
  {
    if (empty) return false;
    if (lower && (value < *lower || (!lower_inclusive && !(*lower < value)))) return false;
    return !upper || value < *upper || (upper_inclusive && !(*upper < value));
  }
  std::string to_string() const;  // "[1,10)", as PostgreSQL prints it
  friend bool operator==(const Range&, const Range&) = default;
};

namespace detail {

// The bounds of a range field, whatever its format: NULL where there is none. Valid as long as the
// field and this.
class RangeReader {
 public:
  // Throws DecodeError when the field is not of type `expected`, or its bytes break the format.
  QM_API RangeReader(const Field& range, Oid expected, Oid bound);
  RangeReader(const RangeReader&) = delete;
  RangeReader& operator=(const RangeReader&) = delete;

  Field lower;
  Field upper;
  bool lower_inclusive = false;
  bool upper_inclusive = false;
  bool empty = false;

 private:
  void read_text(const Field& range);

  std::string lower_text_;
  std::string upper_text_;
};

struct RangeText {
  std::optional<std::string> lower;
  std::optional<std::string> upper;
  bool lower_inclusive;
  bool upper_inclusive;
  bool empty;
};
QM_API std::string to_string(const RangeText& range);

constexpr unsigned char range_flags(bool empty, bool lower_inclusive, bool upper_inclusive,
                                    bool has_lower, bool has_upper) noexcept {
  // rangetypes.h. An unbounded end is never inclusive.
  if (empty) return 0x01;
  return static_cast<unsigned char>((has_lower ? (lower_inclusive ? 0x02 : 0) : 0x08) |
                                    (has_upper ? (upper_inclusive ? 0x04 : 0) : 0x10));
}

template <class T>
struct RangeOid;
template <>
struct RangeOid<std::int32_t> {
  static constexpr Oid value = oids::int4range;
};
template <>
struct RangeOid<std::int64_t> {
  static constexpr Oid value = oids::int8range;
};
template <>
struct RangeOid<Numeric> {
  static constexpr Oid value = oids::numrange;
};
template <>
struct RangeOid<Timestamp> {
  static constexpr Oid value = oids::tsrange;
};
template <>
struct RangeOid<TimestampTz> {
  static constexpr Oid value = oids::tstzrange;
};
template <>
struct RangeOid<Date> {
  static constexpr Oid value = oids::daterange;
};

}  // namespace detail

template <class T>
std::string Range<T>::to_string() const {
  const auto text = [](const std::optional<T>& bound) -> std::optional<std::string> {
    if (!bound) return std::nullopt;
    if constexpr (std::integral<T>) {
      return std::to_string(*bound);
    } else if constexpr (requires { bound->text(); }) {
      return std::string(bound->text());
    } else {
      return bound->to_string();
    }
  };
  return detail::to_string({text(lower), text(upper), lower_inclusive, upper_inclusive, empty});
}

template <class T>
struct Codec<Range<T>> : detail::CodecBase<Codec<Range<T>>, Range<T>, detail::RangeOid<T>::value,
                                           oids::array_type(detail::RangeOid<T>::value)> {
  static constexpr Oid own = detail::RangeOid<T>::value;

  static std::size_t wire_size(Oid target, const Range<T>& range) {
    detail::require_target(target, own);
    std::size_t size = 1;
    for (const std::optional<T>* bound : {&range.lower, &range.upper}) {
      if (!range.empty && *bound) size += 4 + Codec<T>::wire_size(Codec<T>::oid, **bound);
    }
    return size;
  }
  static void write(Oid, char* out, const Range<T>& range) {
    *out++ = static_cast<char>(detail::range_flags(range.empty, range.lower_inclusive,
                                                   range.upper_inclusive, range.lower.has_value(),
                                                   range.upper.has_value()));
    for (const std::optional<T>* bound : {&range.lower, &range.upper}) {
      if (range.empty || !*bound) continue;
      const std::size_t size = Codec<T>::wire_size(Codec<T>::oid, **bound);
      out = wire::store(out, static_cast<std::int32_t>(size));
      Codec<T>::write(Codec<T>::oid, out, **bound);
      out += size;
    }
  }
  static Range<T> decode(const Field& field) {
    const detail::RangeReader reader(field, own, Codec<T>::oid);
    Range<T> range{.lower_inclusive = reader.lower_inclusive,
                   .upper_inclusive = reader.upper_inclusive,
                   .empty = reader.empty};
    if (!reader.lower.is_null()) range.lower = Codec<T>::decode(reader.lower);
    if (!reader.upper.is_null()) range.upper = Codec<T>::decode(reader.upper);
    return range;
  }
};

}  // namespace qm

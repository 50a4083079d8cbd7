// How C++ values become PostgreSQL's wire formats and back. Binary in both directions (the format
// of each type's send/receive function in PostgreSQL's sources); text is accepted when a result
// arrives as text. A type takes part by specialising Codec<T>:
//
//   template <> struct qm::Codec<T> {
//     static constexpr Oid oid = ...;                       // 0: not fixed by PostgreSQL
//     static constexpr Oid array_oid = ...;
//     static void encode(ParamSink&, const T&);             // one parameter, as type `oid`
//     static T decode(const Field&);                        // never called for NULL
//     // optional: as another type, which the query asks for
//     static void encode_as(ParamSink&, Oid target, const T&);
//     // optional: as an array element; size in bytes (needs no checks later), then the bytes
//     static std::size_t wire_size(Oid target, const T&);
//     static void write(Oid target, char* out, const T&);
//     // optional: the form that is read inline, without a call; read() needs is_direct()
//     static bool is_direct(const Field&) noexcept;
//     static T read(const Field&);
//   };
//
// decode() throws DecodeError naming the found type when the column cannot be read as T; what is
// sent is refused with DecodeError when it does not fit the target. Rows are read with row.hpp,
// arrays and NULL are in array_codec.hpp, ranges in range_codec.hpp, composites in
// composite_codec.hpp, parameters are sent with encode_as() below.
#pragma once

#include <concepts>
#include <cstdint>
#include <limits>
#include <quartermaster/oids.hpp>
#include <quartermaster/params.hpp>
#include <quartermaster/result.hpp>
#include <quartermaster/types.hpp>
#include <quartermaster/wire.hpp>
#include <string>
#include <string_view>
#include <utility>

namespace qm {

template <class T>
struct Codec;

namespace detail {

[[noreturn]] QM_API void throw_cannot_send(Oid value_type, Oid target);
[[noreturn]] QM_API void throw_not_in_range(Oid target);

// The reading of everything but the direct form: other types that convert, text format, errors.
QM_API std::int64_t decode_integer(const Field& field, Oid expected, std::int64_t min,
                                   std::int64_t max);

// Whether `target` takes the binary form of `own`: the type itself, or one that may be a domain
// over it, which only the server knows.
constexpr void require_target(Oid target, Oid own) {
  if (target != own && !oids::is_open(target)) throw_cannot_send(own, target);
}

template <class Self, class T, Oid Own, Oid Array>
struct CodecBase {
  static constexpr Oid oid = Own;
  static constexpr Oid array_oid = Array;

  static void encode(ParamSink& sink, const T& value) { encode_as(sink, Own, value); }
  static void encode_as(ParamSink& sink, Oid target, const T& value) {
    char* out = sink.allocate(target, Self::wire_size(target, value));
    Self::write(target, out, value);
  }
};

// Types of one size and one target.
template <class Self, class T, Oid Own, Oid Array, std::size_t Size>
struct FixedCodec : CodecBase<Self, T, Own, Array> {
  static std::size_t wire_size(Oid target, const T&) {
    require_target(target, Own);
    return Size;
  }
  static bool has_own_form(const Field& field) noexcept {
    return field.type == Own && field.format == 1 && field.size == static_cast<int>(Size);
  }
  static bool is_direct(const Field& field) noexcept { return has_own_form(field); }
  static T decode(const Field& field) {
    if (Self::is_direct(field)) [[likely]]
      return Self::read(field);
    return Self::decode_other(field);
  }
};

// Integers go to, and come from, integers of any width as long as the value fits.
template <std::integral T, Oid Own, Oid Array>
struct IntegerCodec : CodecBase<Codec<T>, T, Own, Array> {
  static std::size_t wire_size(Oid target, T) {
    switch (target) {
      case oids::int2:
        return 2;
      case oids::int4:
      case oids::oid:
        return 4;
      case oids::int8:
        return 8;
      default:
        require_target(target, Own);
        return sizeof(T);
    }
  }
  static void write(Oid target, char* out, T value) {
    switch (target) {
      case oids::int2:
        return write_narrowed<std::int16_t>(target, out, value);
      case oids::int4:
        return write_narrowed<std::int32_t>(target, out, value);
      case oids::oid:
        return write_narrowed<std::uint32_t>(target, out, value);
      case oids::int8:
        return write_narrowed<std::int64_t>(target, out, value);
      default:
        wire::store(out, value);
    }
  }
  static bool is_direct(const Field& field) noexcept {
    return field.type == Own && field.format == 1 && field.size == static_cast<int>(sizeof(T));
  }
  static T read(const Field& field) noexcept { return wire::load<T>(field.data); }
  static T decode(const Field& field) {
    if (is_direct(field)) [[likely]]
      return read(field);
    using Limits = std::numeric_limits<T>;
    return static_cast<T>(decode_integer(field, Own, Limits::min(), Limits::max()));
  }

 private:
  template <std::integral Wire>
  static void write_narrowed(Oid target, char* out, T value) {
    if (!std::in_range<Wire>(value)) throw_not_in_range(target);
    wire::store(out, static_cast<Wire>(value));
  }
};

}  // namespace detail

template <>
struct Codec<bool> : detail::FixedCodec<Codec<bool>, bool, oids::boolean, oids::boolean_array, 1> {
  static void write(Oid, char* out, bool value) { *out = value ? '\1' : '\0'; }
  static bool read(const Field& field) noexcept { return *field.data != 0; }
  QM_API static bool decode_other(const Field& field);
};

template <>
struct Codec<std::int16_t> : detail::IntegerCodec<std::int16_t, oids::int2, oids::int2_array> {};
template <>
struct Codec<std::int32_t> : detail::IntegerCodec<std::int32_t, oids::int4, oids::int4_array> {};
template <>
struct Codec<std::int64_t> : detail::IntegerCodec<std::int64_t, oids::int8, oids::int8_array> {};
template <>
struct Codec<Oid> : detail::IntegerCodec<Oid, oids::oid, oids::oid_array> {};

// A real is also sent as double precision and a double is also read from real: both are exact. The
// other way round would round and is refused.
template <>
struct Codec<float> : detail::CodecBase<Codec<float>, float, oids::float4, oids::float4_array> {
  static std::size_t wire_size(Oid target, float) {
    if (target == oids::float8) return 8;
    detail::require_target(target, oid);
    return 4;
  }
  static void write(Oid target, char* out, float value) {
    if (target == oids::float8) {
      wire::store(out, static_cast<double>(value));
    } else {
      wire::store(out, value);
    }
  }
  static bool is_direct(const Field& field) noexcept {
    return field.type == oid && field.format == 1 && field.size == 4;
  }
  static float read(const Field& field) noexcept { return wire::load<float>(field.data); }
  static float decode(const Field& field) {
    if (is_direct(field)) [[likely]]
      return read(field);
    return decode_other(field);
  }
  QM_API static float decode_other(const Field& field);
};

template <>
struct Codec<double>
    : detail::FixedCodec<Codec<double>, double, oids::float8, oids::float8_array, 8> {
  static void write(Oid, char* out, double value) { wire::store(out, value); }
  static double read(const Field& field) noexcept { return wire::load<double>(field.data); }
  QM_API static double decode_other(const Field& field);
};

template <>
struct Codec<Uuid> : detail::FixedCodec<Codec<Uuid>, Uuid, oids::uuid, oids::uuid_array, 16> {
  static void write(Oid, char* out, const Uuid& value) {
    std::memcpy(out, value.bytes.data(), value.bytes.size());
  }
  static Uuid read(const Field& field) noexcept {
    Uuid value;
    std::memcpy(value.bytes.data(), field.data, value.bytes.size());
    return value;
  }
  QM_API static Uuid decode_other(const Field& field);
};

// Dates and timestamps count from 2000-01-01 on the wire, from 1970-01-01 here; the infinities are
// the limits of the integer in both. Values outside PostgreSQL's range have no direct form and are
// refused in both directions.
template <>
struct Codec<Date> : detail::FixedCodec<Codec<Date>, Date, oids::date, oids::date_array, 4> {
  static constexpr std::int32_t epoch_days = 10957;
  static constexpr std::int32_t first_wire_day = -2451545;   // 4714-11-24 BC
  static constexpr std::int32_t last_wire_day = 2145031948;  // 5874897-12-31

  static void write(Oid target, char* out, Date value) {
    std::int32_t day = value.days;
    if (value.is_finite()) {
      if (day < first_wire_day + epoch_days || day > last_wire_day + epoch_days) {
        detail::throw_not_in_range(target);
      }
      day -= epoch_days;
    }
    wire::store(out, day);
  }
  static bool is_direct(const Field& field) noexcept {
    if (!has_own_form(field)) return false;
    const auto day = wire::load<std::int32_t>(field.data);
    return (day >= first_wire_day && day <= last_wire_day) || !Date(day).is_finite();
  }
  static Date read(const Field& field) noexcept {
    const Date on_wire(wire::load<std::int32_t>(field.data));
    return on_wire.is_finite() ? Date(on_wire.days + epoch_days) : on_wire;
  }
  QM_API static Date decode_other(const Field& field);
};

namespace detail {

template <class T, Oid Own, Oid Array>
struct TimestampCodec : FixedCodec<Codec<T>, T, Own, Array, 8> {
  static constexpr std::int64_t epoch_micros = 946'684'800'000'000;
  static constexpr std::int64_t first_wire_micro = -211'813'488'000'000'000;  // 4714-11-24 BC
  static constexpr std::int64_t last_wire_micro = T::infinity_micros - epoch_micros - 1;

  static void write(Oid target, char* out, T value) {
    std::int64_t micros = value.micros;
    if (value.is_finite()) {
      if (micros < first_wire_micro + epoch_micros) throw_not_in_range(target);
      micros -= epoch_micros;
    }
    wire::store(out, micros);
  }
  static bool is_direct(const Field& field) noexcept {
    if (!TimestampCodec::has_own_form(field)) return false;
    const auto micros = wire::load<std::int64_t>(field.data);
    return (micros >= first_wire_micro && micros <= last_wire_micro) || !T(micros).is_finite();
  }
  static T read(const Field& field) noexcept {
    const T on_wire(wire::load<std::int64_t>(field.data));
    return on_wire.is_finite() ? T(on_wire.micros + epoch_micros) : on_wire;
  }
};

}  // namespace detail

template <>
struct Codec<Timestamp>
    : detail::TimestampCodec<Timestamp, oids::timestamp, oids::timestamp_array> {
  QM_API static Timestamp decode_other(const Field& field);
};
template <>
struct Codec<TimestampTz>
    : detail::TimestampCodec<TimestampTz, oids::timestamptz, oids::timestamptz_array> {
  QM_API static TimestampTz decode_other(const Field& field);
};

template <>
struct Codec<TimeOfDay>
    : detail::FixedCodec<Codec<TimeOfDay>, TimeOfDay, oids::time, oids::time_array, 8> {
  static constexpr std::int64_t micros_of_day = 86'400'000'000;

  static void write(Oid target, char* out, TimeOfDay value) {
    if (value.micros < 0 || value.micros > micros_of_day) detail::throw_not_in_range(target);
    wire::store(out, value.micros);
  }
  static bool is_direct(const Field& field) noexcept {
    if (!has_own_form(field)) return false;
    const auto micros = wire::load<std::int64_t>(field.data);
    return micros >= 0 && micros <= micros_of_day;
  }
  static TimeOfDay read(const Field& field) noexcept {
    return TimeOfDay{wire::load<std::int64_t>(field.data)};
  }
  QM_API static TimeOfDay decode_other(const Field& field);
};

template <>
struct Codec<Interval>
    : detail::FixedCodec<Codec<Interval>, Interval, oids::interval, oids::interval_array, 16> {
  static void write(Oid, char* out, const Interval& value) {
    wire::store(wire::store(wire::store(out, value.micros), value.days), value.months);
  }
  static Interval read(const Field& field) noexcept {
    Interval value;
    value.micros = wire::load<std::int64_t>(field.data);
    value.days = wire::load<std::int32_t>(field.data + 8);
    value.months = wire::load<std::int32_t>(field.data + 12);
    return value;
  }
  QM_API static Interval decode_other(const Field& field);
};

template <>
struct Codec<Numeric>
    : detail::CodecBase<Codec<Numeric>, Numeric, oids::numeric, oids::numeric_array> {
  QM_API static std::size_t wire_size(Oid target, const Numeric& value);
  QM_API static void write(Oid target, char* out, const Numeric& value);
  QM_API static Numeric decode(const Field& field);  // also from integers
};

// inet and cidr; sent as what the query asks for.
template <>
struct Codec<Inet> : detail::CodecBase<Codec<Inet>, Inet, oids::inet, oids::inet_array> {
  QM_API static std::size_t wire_size(Oid target, const Inet& value);
  QM_API static void write(Oid target, char* out, const Inet& value);
  QM_API static Inet decode(const Field& field);
};

template <>
struct Codec<Bytes> : detail::CodecBase<Codec<Bytes>, Bytes, oids::bytea, oids::bytea_array> {
  // Borrows the bytes.
  static void encode(ParamSink& sink, const Bytes& value) { encode_as(sink, oid, value); }
  static void encode_as(ParamSink& sink, Oid target, const Bytes& value) {
    detail::require_target(target, oid);
    sink.borrow(target, value.data(), value.size());
  }
  static std::size_t wire_size(Oid target, const Bytes& value) {
    detail::require_target(target, oid);
    return value.size();
  }
  static void write(Oid, char* out, const Bytes& value) {
    if (!value.empty()) std::memcpy(out, value.data(), value.size());
  }
  static bool is_direct(const Field& field) noexcept {
    return field.type == oid && field.format == 1 && field.data != nullptr;
  }
  static Bytes read(const Field& field) {
    const auto* first = reinterpret_cast<const std::byte*>(field.data);
    return {first, first + field.size};
  }
  QM_API static Bytes decode(const Field& field);
};

namespace detail {

// Text goes to every type: as it is where the binary form is the text, with jsonb's version byte,
// else in text format, which the server reads with the type's input function (enums, ranges, types
// of extensions). Text with zero bytes, which PostgreSQL cannot store, is refused.
//
// `terminated`: value.data()[value.size()] is a zero byte, so that text format may borrow it.
QM_API void encode_text_value(ParamSink& sink, Oid target, std::string_view value, bool terminated);
// As an element of a binary array: textual types and jsonb.
constexpr bool has_binary_text(Oid target) noexcept {
  return oids::is_textual(target) || target == oids::jsonb;
}
QM_API std::size_t text_wire_size(Oid target, std::string_view value);
QM_API void write_text(Oid target, char* out, std::string_view value);

}  // namespace detail

// What is read is valid as long as its Result: for views of rows. Otherwise as std::string below.
template <>
struct Codec<std::string_view> {
  static constexpr Oid oid = oids::text;
  static constexpr Oid array_oid = oids::text_array;
  static std::string_view text_of(std::string_view value) { return value; }
  static void encode(ParamSink& sink, std::string_view value) { encode_as(sink, oid, value); }
  static void encode_as(ParamSink& sink, Oid target, std::string_view value) {
    detail::encode_text_value(sink, target, value, false);
  }
  static std::size_t wire_size(Oid target, std::string_view value) {
    return detail::text_wire_size(target, value);
  }
  static void write(Oid target, char* out, std::string_view value) {
    detail::write_text(target, out, value);
  }
  static bool is_direct(const Field& field) noexcept {
    return (field.type == oids::text || field.type == oids::varchar) && field.data != nullptr;
  }
  static std::string_view read(const Field& field) {
    return {field.data, static_cast<std::size_t>(field.size)};
  }
  QM_API static std::string_view decode(const Field& field);
};

// Borrows the text. Read from any textual type, jsonb, enums and types of extensions whose binary
// form is text; other built-in types are refused, because their bytes are not text.
template <>
struct Codec<std::string> {
  static constexpr Oid oid = oids::text;
  static constexpr Oid array_oid = oids::text_array;
  static std::string_view text_of(const std::string& value) { return value; }
  static void encode(ParamSink& sink, const std::string& value) { encode_as(sink, oid, value); }
  static void encode_as(ParamSink& sink, Oid target, const std::string& value) {
    detail::encode_text_value(sink, target, value, true);
  }
  static std::size_t wire_size(Oid target, const std::string& value) {
    return detail::text_wire_size(target, value);
  }
  static void write(Oid target, char* out, const std::string& value) {
    detail::write_text(target, out, value);
  }
  static bool is_direct(const Field& field) noexcept {
    return (field.type == oids::text || field.type == oids::varchar) && field.data != nullptr;
  }
  static std::string read(const Field& field) {
    return {field.data, static_cast<std::size_t>(field.size)};
  }
  QM_API static std::string decode(const Field& field);
};

// json and jsonb; sent as what the query asks for.
template <>
struct Codec<Json> : detail::CodecBase<Codec<Json>, Json, oids::jsonb, oids::jsonb_array> {
  static void encode(ParamSink& sink, const Json& value) { encode_as(sink, oid, value); }
  QM_API static void encode_as(ParamSink& sink, Oid target, const Json& value);
  QM_API static std::size_t wire_size(Oid target, const Json& value);
  QM_API static void write(Oid target, char* out, const Json& value);
  QM_API static Json decode(const Field& field);
};

// Sends one parameter as the type that the query declares for it. With a constant target the
// choice is made by the compiler. What target a value takes: its own type; integers any integer
// type that holds the value; float also double precision; text every type; Json json and jsonb;
// Inet inet and cidr; arrays accordingly; and every value a type that PostgreSQL does not fix,
// which may be a domain over its own. Throws DecodeError otherwise.
template <class T>
void encode_as(ParamSink& sink, Oid target, const T& value) {
  if constexpr (requires { Codec<T>::encode_as(sink, target, value); }) {
    Codec<T>::encode_as(sink, target, value);
  } else if constexpr (std::convertible_to<const T&, std::string_view>) {
    Codec<std::string_view>::encode_as(sink, target, value);
  } else {
    Codec<T>::encode(sink, value);
  }
}

}  // namespace qm

#include <quartermaster/array_codec.hpp>
#include <quartermaster/range_codec.hpp>

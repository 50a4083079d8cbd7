// PostgreSQL's enumerations as enum classes of generated clients: sent and read by label. A type
// takes part by a function beside it that gives its labels in the order of its values, found by
// argument-dependent lookup:
//
//   enum class Mood : std::uint16_t { sad, happy };
//   constexpr std::array<std::string_view, 2> enum_labels(Mood) { return {{"sad", "happy"}}; }
#pragma once

#include <optional>
#include <quartermaster/codec.hpp>
#include <string>
#include <string_view>
#include <type_traits>

namespace qm {

template <class T>
concept Enumeration = std::is_enum_v<T> && requires(T value) {
  enum_labels(value).size();
};

namespace detail {
[[noreturn]] QM_API void throw_no_label(std::size_t value);
[[noreturn]] QM_API void throw_unknown_label(std::string_view label);
}  // namespace detail

// Throws DecodeError for a value that is none of the enumeration's.
template <Enumeration T>
constexpr std::string_view label_of(T value) {
  const auto index = static_cast<std::size_t>(value);
  constexpr auto labels = enum_labels(T{});
  if (index >= labels.size()) detail::throw_no_label(index);
  return labels[index];
}

// None: no such label, as when the database has a newer one than the client.
template <Enumeration T>
constexpr std::optional<T> from_label(std::string_view label) {
  constexpr auto labels = enum_labels(T{});
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (labels[i] == label) return static_cast<T>(i);
  }
  return std::nullopt;
}

template <Enumeration T>
struct Codec<T> {
  static constexpr Oid oid = 0;
  static constexpr Oid array_oid = 0;

  static std::string_view text_of(T value) { return label_of(value); }
  static void encode(ParamSink& sink, T value) { encode_as(sink, oid, value); }
  static void encode_as(ParamSink& sink, Oid target, T value) {
    Codec<std::string_view>::encode_as(sink, target, label_of(value));
  }
  static std::size_t wire_size(Oid, T value) { return label_of(value).size(); }
  static void write(Oid target, char* out, T value) {
    Codec<std::string_view>::write(target, out, label_of(value));
  }
  static T decode(const Field& field) {
    const std::string_view label = Codec<std::string_view>::decode(field);
    const auto value = from_label<T>(label);
    if (!value) detail::throw_unknown_label(label);
    return *value;
  }
};

}  // namespace qm

// NULL and one-dimensional arrays of every type that has a codec: std::optional<T>,
// std::vector<T>, std::vector<std::optional<T>>. Included by codec.hpp. Not for arrays of more
// dimensions, which no row struct has: field_to_json() in dynamic.hpp shows them.
#pragma once

#include <cstddef>
#include <optional>
#include <quartermaster/codec.hpp>
#include <string>
#include <vector>

namespace qm {

namespace detail {

template <class T>
struct OptionalTraits {
  using Value = T;
  static constexpr bool is_optional = false;
};
template <class T>
struct OptionalTraits<std::optional<T>> {
  using Value = T;
  static constexpr bool is_optional = true;
};

// The elements of an array field, one after the other, whatever its format.
class ArrayReader {
 public:
  // Reads the header; throws DecodeError when the field is not an array of at most one dimension.
  QM_API ArrayReader(const Field& array, Oid expected_element);

  // How many elements to make room for; an array in text format does not say.
  std::size_t size_hint() const noexcept { return left_; }
  // The next element, valid until the next call; false at the end. Throws DecodeError when the
  // bytes break the format.
  QM_API bool next(Field& element);

 private:
  bool next_of_text(Field& element);

  const char* at_;
  const char* end_;
  std::size_t left_ = 0;
  Oid element_ = 0;
  int format_;
  bool started_ = false;   // text: the opening brace is behind us
  std::string unescaped_;  // text: the element
};

[[noreturn]] QM_API void throw_null_element();

// An array in text format: for element types that only the server can read.
class TextArrayWriter {
 public:
  QM_API void add(std::string_view element);
  QM_API void add_null();
  QM_API void finish(ParamSink& sink, Oid target);

 private:
  std::string text_ = "{";
};

}  // namespace detail

template <class T>
struct Codec<std::optional<T>> {
  static constexpr Oid oid = Codec<T>::oid;
  static constexpr Oid array_oid = Codec<T>::array_oid;

  static void encode(ParamSink& sink, const std::optional<T>& value) {
    if (value.has_value()) {
      Codec<T>::encode(sink, *value);
    } else {
      sink.null(oid);
    }
  }
  static void encode_as(ParamSink& sink, Oid target, const std::optional<T>& value) {
    if (value.has_value()) {
      qm::encode_as(sink, target, *value);
    } else {
      sink.null(target);
    }
  }
  static std::optional<T> decode(const Field& field) {
    if (field.is_null()) return std::nullopt;
    return Codec<T>::decode(field);
  }
};

template <class T>
struct Codec<std::vector<T>> {
  using Element = typename detail::OptionalTraits<T>::Value;
  static constexpr bool nullable = detail::OptionalTraits<T>::is_optional;
  // Text and enumerations.
  static constexpr bool of_text = requires(const Element& element) {
    Codec<Element>::text_of(element);
  };
  // Not composites.
  static constexpr bool has_binary = requires(const Element& element) {
    Codec<Element>::wire_size(Oid{}, element);
  };
  static constexpr Oid oid = Codec<Element>::array_oid;
  static constexpr Oid array_oid = oid;  // PostgreSQL does not tell int[] from int[][]

  static void encode(ParamSink& sink, const std::vector<T>& values) {
    encode_as(sink, oid, values);
  }

  static void encode_as(ParamSink& sink, Oid target, const std::vector<T>& values) {
    const Oid element = element_for(target);
    if constexpr (!has_binary) {
      return encode_as_text(sink, target, values);
    } else {
      if constexpr (of_text) {
        if (!detail::has_binary_text(element)) return encode_as_text(sink, target, values);
      }
      encode_binary(sink, target, element, values);
    }
  }

  static std::vector<T> decode(const Field& field) {
    detail::ArrayReader reader(field, Codec<Element>::oid);
    std::vector<T> values;
    values.reserve(reader.size_hint());
    for (Field element; reader.next(element);) {
      if (!element.is_null()) {
        values.push_back(Codec<Element>::decode(element));
      } else if constexpr (nullable) {
        values.emplace_back();
      } else {
        detail::throw_null_element();
      }
    }
    return values;
  }

 private:
  // ndim, has-null flag, element type, then per dimension size and lower bound, then per element
  // its size (-1 for NULL) and bytes: array_send() of PostgreSQL.
  static void encode_binary(ParamSink& sink, Oid target, Oid element,
                            const std::vector<T>& values) {
    std::size_t size = values.empty() ? 12 : 20;
    bool has_null = false;
    for (const auto& value : values) {
      size += 4;
      if (is_null(value)) {
        has_null = true;
      } else {
        size += Codec<Element>::wire_size(element, get(value));
      }
    }
    char* out = sink.allocate(target, size);
    out = wire::store(out, std::int32_t{values.empty() ? 0 : 1});
    out = wire::store(out, std::int32_t{has_null ? 1 : 0});
    out = wire::store(out, element);
    if (values.empty()) return;
    out = wire::store(out, static_cast<std::int32_t>(values.size()));
    out = wire::store(out, std::int32_t{1});
    for (const auto& value : values) {
      if (is_null(value)) {
        out = wire::store(out, std::int32_t{-1});
        continue;
      }
      const std::size_t bytes = Codec<Element>::wire_size(element, get(value));
      out = wire::store(out, static_cast<std::int32_t>(bytes));
      Codec<Element>::write(element, out, get(value));
      out += bytes;
    }
  }

  static Oid element_for(Oid target) {
    if (target == oid) return Codec<Element>::oid;
    // Text to an array type that is not fixed goes in text format; other values as their own.
    if (oids::is_open(target)) return of_text ? 0 : Codec<Element>::oid;
    const Oid element = oids::element_type(target);
    if (element == 0 && !of_text) detail::throw_cannot_send(oid, target);
    return element;
  }

  static void encode_as_text(ParamSink& sink, Oid target, const std::vector<T>& values) {
    detail::TextArrayWriter writer;
    for (const auto& value : values) {
      if (is_null(value)) {
        writer.add_null();
      } else {
        writer.add(Codec<Element>::text_of(get(value)));
      }
    }
    writer.finish(sink, target);
  }

  static bool is_null(const T& value) {
    if constexpr (nullable) {
      return !value.has_value();
    } else {
      return false;
    }
  }
  static const Element& get(const T& value) {
    if constexpr (nullable) {
      return *value;
    } else {
      return value;
    }
  }
};

}  // namespace qm

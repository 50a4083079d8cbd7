// Bytes as a server would send them and values as a caller would, for the tests of codecs.
#pragma once

#include <gtest/gtest.h>

#include <quartermaster/codec.hpp>
#include <quartermaster/error.hpp>
#include <string>
#include <string_view>

namespace qm {

// The binary format, piece by piece.
class Wire {
 public:
  template <class T>
  Wire& put(T value) {
    char bytes[sizeof(T)];
    wire::store(bytes, value);
    data_.append(bytes, sizeof(T));
    return *this;
  }
  Wire& i16(std::int16_t value) { return put(value); }
  Wire& i32(std::int32_t value) { return put(value); }
  Wire& i64(std::int64_t value) { return put(value); }
  Wire& oid(Oid value) { return put(value); }
  Wire& byte(int value) { return put(static_cast<char>(value)); }
  Wire& raw(std::string_view bytes) {
    data_ += bytes;
    return *this;
  }
  // Bytes with their size in front, as in arrays, ranges and records.
  Wire& sized(std::string_view bytes) {
    return i32(static_cast<std::int32_t>(bytes.size())).raw(bytes);
  }
  Wire& sized(const Wire& value) { return sized(value.data_); }
  Wire& null() { return i32(-1); }

  const std::string& data() const noexcept { return data_; }

  // Valid as long as this.
  Field field(Oid type) const noexcept {
    return {
        .data = data_.data(), .size = static_cast<int>(data_.size()), .format = 1, .type = type};
  }

 private:
  std::string data_;
};

inline Field text_field(Oid type, std::string_view text) noexcept {
  return {.data = text.data(), .size = static_cast<int>(text.size()), .format = 0, .type = type};
}
inline Field binary_field(Oid type, std::string_view bytes) noexcept {
  return {.data = bytes.data(), .size = static_cast<int>(bytes.size()), .format = 1, .type = type};
}
inline Field null_field(Oid type) noexcept {
  return {.data = nullptr, .size = 0, .format = 1, .type = type};
}

// What is sent for the value.
template <class T>
std::string sent(Oid target, const T& value) {
  ParamBuffer<1> params;
  encode_as(params, target, value);
  EXPECT_EQ(params.view().types[0], target);
  return {params.view().values[0], static_cast<std::size_t>(params.view().lengths[0])};
}

// The value after it was sent as its own type and read back.
template <class T>
T echoed(const T& value) {
  ParamBuffer<1> params;
  Codec<T>::encode(params, value);
  const ParamView view = params.view();
  return Codec<T>::decode({.data = view.values[0],
                           .size = view.lengths[0],
                           .format = view.formats[0],
                           .type = view.types[0]});
}

// The message of the DecodeError that a call throws.
template <class Call>
std::string refusal_of(Call call) {
  try {
    (void)call();
  } catch (const DecodeError& error) {
    return error.what();
  }
  return "(accepted)";
}

template <class T>
std::string refusal_of_reading(const Field& field) {
  return refusal_of([&] { return Codec<T>::decode(field); });
}
template <class T>
std::string refusal_of_sending(Oid target, const T& value) {
  return refusal_of([&] { return sent(target, value); });
}
template <class T>
std::string refusal_of_parsing(std::string_view text) {
  return refusal_of([&] { return T::parse(text); });
}

}  // namespace qm

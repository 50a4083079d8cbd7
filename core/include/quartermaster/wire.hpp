// Big-endian integers and floats at any alignment, as PostgreSQL's binary formats hold them. Not
// for bounds: callers have checked the size.
#pragma once

#include <bit>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace qm::wire {

template <std::integral T>
T swap_to_big(T value) noexcept {
  if constexpr (std::endian::native == std::endian::big || sizeof(T) == 1) {
    return value;
  } else if constexpr (sizeof(T) == 2) {
    return static_cast<T>(__builtin_bswap16(static_cast<std::uint16_t>(value)));
  } else if constexpr (sizeof(T) == 4) {
    return static_cast<T>(__builtin_bswap32(static_cast<std::uint32_t>(value)));
  } else {
    static_assert(sizeof(T) == 8);
    return static_cast<T>(__builtin_bswap64(static_cast<std::uint64_t>(value)));
  }
}

template <std::integral T>
T load(const char* from) noexcept {
  T value;
  std::memcpy(&value, from, sizeof(value));
  return swap_to_big(value);
}

template <std::floating_point T>
T load(const char* from) noexcept {
  using Bits = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;
  return std::bit_cast<T>(load<Bits>(from));
}

// Writes the value and returns where the next one goes.
template <std::integral T>
char* store(char* to, T value) noexcept {
  const T big = swap_to_big(value);
  std::memcpy(to, &big, sizeof(big));
  return to + sizeof(big);
}

template <std::floating_point T>
char* store(char* to, T value) noexcept {
  using Bits = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;
  return store(to, std::bit_cast<Bits>(value));
}

}  // namespace qm::wire

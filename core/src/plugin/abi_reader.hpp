// Reading the C structs of plugin.h out of a plugin: sizes and strides as conventions 2 and 3 of
// plugin.h say, texts as convention 4 says. Everything is copied; nothing here keeps a pointer. It
// cannot tell a wrong pointer from a right one: whoever loads a library trusts it that far.
#pragma once

#include <fmt/format.h>
#include <quartermaster/plugin.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <quartermaster/error.hpp>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "plugin/text_rules.hpp"

namespace qm::plugin {

// The size that a struct had in revision 1.0, below which it is refused. When a struct grows, its
// entry here becomes the offset of the first field that is new.
template <class T>
inline constexpr std::size_t size_in_1_0 = sizeof(T);

// What is not so yet is refused, and named by `where_`: "plugin movie", "query GetMovie".
class AbiReader {
 public:
  explicit AbiReader(std::string where) : where_(std::move(where)) {}

  [[noreturn]] void refuse(std::string_view field, std::string expected, std::string found,
                           std::string hint = {}) const {
    throw PluginError({.object = field.empty() ? where_ : fmt::format("{}: {}", where_, field),
                       .expected = std::move(expected),
                       .found = std::move(found),
                       .hint = std::move(hint)});
  }

  // A struct that starts with struct_size; `available` bytes of it are the plugin's to read.
  template <class T>
  T structure(std::string_view field, const void* at, std::size_t available) const {
    static_assert(std::is_trivially_copyable_v<T>);
    if (!at) refuse(field, "a struct", "a null pointer");
    std::uint32_t struct_size = 0;
    std::memcpy(&struct_size, at, sizeof struct_size);
    if (struct_size < size_in_1_0<T>) {
      refuse(field, fmt::format("struct_size of at least {}", size_in_1_0<T>),
             fmt::format("{}", struct_size));
    }
    if (struct_size > available) {
      refuse(field, fmt::format("struct_size of at most the stride, {}", available),
             fmt::format("{}", struct_size));
    }
    T value{};
    std::memcpy(&value, at, std::min<std::size_t>(struct_size, sizeof(T)));
    return value;
  }

  // The elements of an array of structs that start with struct_size.
  template <class T>
  std::vector<T> structures(std::string_view field, const qm_array& array,
                            std::size_t limit) const {
    check_array(field, array, size_in_1_0<T>, limit);
    std::vector<T> values;
    values.reserve(array.count);
    for (std::uint32_t i = 0; i < array.count; ++i) {
      values.push_back(
          structure<T>(fmt::format("{}[{}]", field, i), element(array, i), array.stride));
    }
    return values;
  }

  std::vector<qm_string> strings(std::string_view field, const qm_array& array,
                                 std::size_t limit) const {
    check_array(field, array, sizeof(qm_string), limit);
    std::vector<qm_string> values(array.count);
    for (std::uint32_t i = 0; i < array.count; ++i) {
      std::memcpy(&values[i], element(array, i), sizeof(qm_string));
    }
    return values;
  }

  std::string text(std::string_view field, const qm_string& string, std::size_t limit) const {
    if (string.size == 0) return {};
    if (!string.data) {
      refuse(field, "text", fmt::format("a null pointer with size {}", string.size));
    }
    if (string.size > limit) {
      refuse(field, fmt::format("at most {} bytes", limit), fmt::format("{}", string.size));
    }
    const std::string_view view(string.data, string.size);
    const std::size_t invalid = first_invalid_utf8(view);
    if (invalid != view.npos) {
      refuse(field, "UTF-8",
             fmt::format("byte {} at offset {}", printable(view.substr(invalid, 1)), invalid));
    }
    const std::size_t nul = view.find('\0');
    if (nul != view.npos) {
      refuse(field, "text without NUL", fmt::format("NUL at offset {}", nul));
    }
    return std::string(view);
  }

  std::string text_not_empty(std::string_view field, const qm_string& string,
                             std::size_t limit) const {
    if (string.size == 0) refuse(field, "text", "nothing");
    return text(field, string, limit);
  }

  void flags(std::string_view field, std::uint32_t found, std::uint32_t known) const {
    if ((found & ~known) == 0) return;
    refuse(field, fmt::format("flags within {:#x}", known), fmt::format("{:#x}", found),
           "the plugin needs a newer host");
  }

 private:
  static const void* element(const qm_array& array, std::uint32_t i) noexcept {
    return static_cast<const char*>(array.items) + std::size_t{array.stride} * i;
  }

  void check_array(std::string_view field, const qm_array& array, std::size_t element_size,
                   std::size_t limit) const {
    if (array.count == 0) return;
    if (!array.items) {
      refuse(field, fmt::format("{} elements", array.count), "a null pointer");
    }
    if (array.count > limit) {
      refuse(field, fmt::format("at most {}", limit), fmt::format("{}", array.count));
    }
    if (array.stride < element_size) {
      refuse(field, fmt::format("stride of at least {}", element_size),
             fmt::format("{}", array.stride));
    }
  }

  std::string where_;
};

}  // namespace qm::plugin

// A cursor over a short literal, for the parsers of value types. Knows characters and digits only;
// what they mean, and the error, is the parser's.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace qm::query {

inline bool is_digit(char character) noexcept {
  return character >= '0' && character <= '9';
}

inline bool is_space(char character) noexcept {
  return character == ' ' || (character >= '\t' && character <= '\r');
}

inline char lower(char character) noexcept {
  return character >= 'A' && character <= 'Z' ? static_cast<char>(character + ('a' - 'A'))
                                              : character;
}

// 0..15, or -1 for what is not a hexadecimal digit.
inline int hex_value(char character) noexcept {
  const char digit = lower(character);
  if (is_digit(digit)) return digit - '0';
  return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
}

inline bool equals_ignoring_case(std::string_view text, std::string_view lower_case) noexcept {
  if (text.size() != lower_case.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (lower(text[i]) != lower_case[i]) return false;
  }
  return true;
}

class TextScanner {
 public:
  explicit TextScanner(std::string_view text) noexcept : rest_(text) {}

  bool at_end() const noexcept { return rest_.empty(); }
  char peek() const noexcept { return rest_.empty() ? '\0' : rest_.front(); }
  std::string_view rest() const noexcept { return rest_; }
  void skip(std::size_t count) noexcept { rest_.remove_prefix(count); }

  bool eat(char character) noexcept {
    if (peek() != character || rest_.empty()) return false;
    rest_.remove_prefix(1);
    return true;
  }
  bool eat(std::string_view text) noexcept {
    if (!rest_.starts_with(text)) return false;
    rest_.remove_prefix(text.size());
    return true;
  }
  void skip_spaces() noexcept {
    while (!rest_.empty() && is_space(rest_.front()))
      rest_.remove_prefix(1);
  }

  // A number of `min` to `max` digits, max <= 18; nothing is consumed when there are fewer or more.
  std::optional<std::int64_t> digits(std::size_t min, std::size_t max) noexcept {
    std::size_t count = 0;
    std::int64_t value = 0;
    while (count < rest_.size() && is_digit(rest_[count])) {
      if (count == max) return std::nullopt;
      value = value * 10 + (rest_[count] - '0');
      ++count;
    }
    if (count < min) return std::nullopt;
    rest_.remove_prefix(count);
    return value;
  }

 private:
  std::string_view rest_;
};

}  // namespace qm::query

// See utf8.hpp. The ranges of the second byte are those of table 3-7 of the Unicode standard.
#include "config/utf8.hpp"

#include <cstdint>

namespace qm {
namespace {

struct Form {
  std::uint8_t first_low, first_high;    // of the first byte
  std::uint8_t second_low, second_high;  // of the second; any later byte is 80..BF
  std::size_t size;
};

constexpr Form forms[] = {
    {0x00, 0x7F, 0x00, 0x00, 1}, {0xC2, 0xDF, 0x80, 0xBF, 2}, {0xE0, 0xE0, 0xA0, 0xBF, 3},
    {0xE1, 0xEC, 0x80, 0xBF, 3}, {0xED, 0xED, 0x80, 0x9F, 3}, {0xEE, 0xEF, 0x80, 0xBF, 3},
    {0xF0, 0xF0, 0x90, 0xBF, 4}, {0xF1, 0xF3, 0x80, 0xBF, 4}, {0xF4, 0xF4, 0x80, 0x8F, 4},
};

bool within(char byte, std::uint8_t low, std::uint8_t high) noexcept {
  const auto value = static_cast<std::uint8_t>(byte);
  return value >= low && value <= high;
}

}  // namespace

std::size_t utf8_character(std::string_view text) noexcept {
  if (text.empty()) return 0;
  for (const Form& form : forms) {
    if (!within(text[0], form.first_low, form.first_high)) continue;
    if (text.size() < form.size) return 0;
    if (form.size > 1 && !within(text[1], form.second_low, form.second_high)) return 0;
    for (std::size_t i = 2; i < form.size; ++i) {
      if (!within(text[i], 0x80, 0xBF)) return 0;
    }
    return form.size;
  }
  return 0;
}

std::size_t find_invalid_utf8(std::string_view text) noexcept {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t size = utf8_character(text.substr(at));
    if (size == 0) return at;
    at += size;
  }
  return std::string_view::npos;
}

std::string repair_utf8(std::string_view text) {
  std::string repaired;
  repaired.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t size = utf8_character(text.substr(at));
    if (size == 0) {
      repaired += "\xEF\xBF\xBD";
      ++at;
    } else {
      repaired += text.substr(at, size);
      at += size;
    }
  }
  return repaired;
}

}  // namespace qm

// bytea as text: bytea_output = hex and escape.
#include "query/bytes.hpp"

#include "query/decode_error.hpp"
#include "query/text_scanner.hpp"

namespace qm {

namespace query {

namespace {

bool is_octal(char character) noexcept {
  return character >= '0' && character <= '7';
}

Bytes parse_hex(std::string_view text) {
  Bytes bytes;
  bytes.reserve((text.size() - 2) / 2);
  for (std::size_t i = 2; i < text.size(); i += 2) {
    const int high = hex_value(text[i]);
    const int low = i + 1 < text.size() ? hex_value(text[i + 1]) : -1;
    if (high < 0 || low < 0) throw_unreadable_text("bytea", "pairs of hexadecimal digits", text);
    bytes.push_back(static_cast<std::byte>(high * 16 + low));
  }
  return bytes;
}

Bytes parse_escape(std::string_view text) {
  Bytes bytes;
  bytes.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      bytes.push_back(static_cast<std::byte>(text[i]));
    } else if (text.substr(i).starts_with("\\\\")) {
      bytes.push_back(std::byte{'\\'});
      i += 1;
    } else if (text.size() - i >= 4 && text[i + 1] >= '0' && text[i + 1] <= '3' &&
               is_octal(text[i + 2]) && is_octal(text[i + 3])) {
      const int value = (text[i + 1] - '0') * 64 + (text[i + 2] - '0') * 8 + (text[i + 3] - '0');
      bytes.push_back(static_cast<std::byte>(value));
      i += 3;
    } else {
      throw_unreadable_text("bytea", "\\\\ or \\ and three octal digits", text);
    }
  }
  return bytes;
}

}  // namespace

std::string hex_text(std::string_view bytes) {
  constexpr char digits[] = "0123456789abcdef";
  std::string text = "\\x";
  text.reserve(2 + bytes.size() * 2);
  for (const char character : bytes) {
    const auto byte = static_cast<unsigned char>(character);
    text += digits[byte >> 4];
    text += digits[byte & 0xF];
  }
  return text;
}

Bytes parse_bytes(std::string_view text) {
  return text.starts_with("\\x") ? parse_hex(text) : parse_escape(text);
}

}  // namespace query

std::string to_string(const Bytes& bytes) {
  return query::hex_text({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

}  // namespace qm

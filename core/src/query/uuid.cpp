// Uuid as text, after uuid_in() and uuid_out() of PostgreSQL.
#include <quartermaster/types.hpp>

#include "query/decode_error.hpp"
#include "query/text_scanner.hpp"

namespace qm {

Uuid Uuid::parse(std::string_view text) {
  const auto fail = [text] { query::throw_unreadable_text("uuid", "32 hexadecimal digits", text); };
  query::TextScanner scanner(text);
  const bool braces = scanner.eat('{');
  Uuid uuid;
  for (std::size_t i = 0; i < uuid.bytes.size(); ++i) {
    if (scanner.rest().size() < 2) fail();
    const int high = query::hex_value(scanner.rest()[0]);
    const int low = query::hex_value(scanner.rest()[1]);
    if (high < 0 || low < 0) fail();
    scanner.skip(2);
    uuid.bytes[i] = static_cast<std::uint8_t>(high * 16 + low);
    if (i % 2 == 1 && i + 1 < uuid.bytes.size()) scanner.eat('-');
  }
  if (braces && !scanner.eat('}')) fail();
  if (!scanner.at_end()) fail();
  return uuid;
}

std::string Uuid::to_string() const {
  constexpr char digits[] = "0123456789abcdef";
  std::string text;
  text.reserve(36);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    text += digits[bytes[i] >> 4];
    text += digits[bytes[i] & 0xF];
  }
  return text;
}

}  // namespace qm

// Words the DecodeErrors of codecs and value types; see the header.
#include "query/decode_error.hpp"

#include <quartermaster/codec.hpp>
#include <quartermaster/error.hpp>

namespace qm::query {

std::string excerpt(std::string_view text) {
  constexpr std::size_t longest = 40;
  std::string shown = "\"";
  for (const char character : text.substr(0, longest)) {
    shown += static_cast<unsigned char>(character) < 0x20 ? ' ' : character;
  }
  // A character cut in half would make the message invalid UTF-8.
  if (text.size() > longest) {
    while (shown.size() > 1 &&
           (static_cast<unsigned char>(text[shown.size() - 1]) & 0xC0) == 0x80) {
      shown.pop_back();
    }
    shown += "...";
  }
  return shown + '"';
}

void throw_unreadable_text(std::string_view object, std::string_view expected,
                           std::string_view text, std::string_view hint) {
  throw DecodeError(Report{.object = std::string(object),
                           .expected = std::string(expected),
                           .found = excerpt(text),
                           .hint = std::string(hint)});
}

void throw_wrong_type(const Field& field, Oid expected, std::string_view hint) {
  throw DecodeError(Report{.object = "value",
                           .expected = oids::type_name(expected),
                           .found = oids::type_name(field.type),
                           .hint = std::string(hint)});
}

void throw_broken_bytes(const Field& field, std::string_view problem) {
  throw DecodeError(Report{.object = "value",
                           .expected = "the " + std::string(field.format == 1 ? "binary" : "text") +
                                       " format of " + oids::type_name(field.type),
                           .found = std::string(problem)});
}

void throw_size(const Field& field, std::size_t expected) {
  throw DecodeError(
      Report{.object = "value",
             .expected = std::to_string(expected) + " bytes of " + oids::type_name(field.type),
             .found = std::to_string(field.size) + " bytes"});
}

void require_value(const Field& field, Oid expected) {
  if (field.is_null()) {
    throw DecodeError(
        Report{.object = "value", .expected = oids::type_name(expected), .found = "null"});
  }
  if (field.format == 1 && field.type != expected) throw_wrong_type(field, expected);
}

}  // namespace qm::query

namespace qm::detail {

void throw_cannot_send(Oid value_type, Oid target) {
  throw DecodeError(Report{.object = "parameter",
                           .expected = "a value for " + oids::type_name(target),
                           .found = "one of " + oids::type_name(value_type)});
}

void throw_not_in_range(Oid target) {
  throw DecodeError(Report{.object = "parameter",
                           .expected = "a value in the range of " + oids::type_name(target),
                           .found = "one outside it"});
}

}  // namespace qm::detail

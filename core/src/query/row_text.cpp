// Rows as text for people, and what enumerations have to say. See quartermaster/visit.hpp.
#include <fmt/format.h>

#include <ostream>
#include <quartermaster/error.hpp>
#include <quartermaster/visit.hpp>

namespace qm {

void detail::throw_no_label(std::size_t value) {
  throw DecodeError(Report{
      .object = "an enumeration", .expected = "one of its values", .found = std::to_string(value)});
}

void detail::throw_unknown_label(std::string_view label) {
  throw DecodeError(Report{.expected = "a label that the client knows",
                           .found = std::string(label),
                           .hint = "rebuild the client for the schema as it is now"});
}

namespace client {

ValueWriter::~ValueWriter() = default;

void TextWriter::separate() {
  if (!first_ && !named_) text_ += ", ";
  first_ = false;
  named_ = false;
}
void TextWriter::begin_object() {
  separate();
  text_ += '{';
  first_ = true;
}
void TextWriter::name(std::string_view name) {
  separate();
  text_.append(name).append(": ");
  named_ = true;
}
void TextWriter::end_object() {
  text_ += '}';
  first_ = false;
}
void TextWriter::begin_array() {
  separate();
  text_ += '[';
  first_ = true;
}
void TextWriter::end_array() {
  text_ += ']';
  first_ = false;
}
void TextWriter::null() {
  separate();
  text_ += "null";
}
void TextWriter::boolean(bool value) {
  separate();
  text_ += value ? "true" : "false";
}
void TextWriter::integer(std::int64_t value) {
  separate();
  text_ += std::to_string(value);
}
void TextWriter::floating(double value) {
  separate();
  text_ += fmt::format("{}", value);
}
void TextWriter::text(std::string_view value) {
  separate();
  text_ += '"';
  for (const char c : value) {
    if (c == '"' || c == '\\') text_ += '\\';
    text_ += c;
  }
  text_ += '"';
}
void TextWriter::timestamp(std::string_view value) {
  text(value);
}
void TextWriter::json(std::string_view value) {
  separate();
  text_ += value;
}

std::ostream& print(std::ostream& out, const std::string& text) {
  return out << text;
}

}  // namespace client
}  // namespace qm

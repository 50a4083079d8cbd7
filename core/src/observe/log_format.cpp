// See log_format.hpp.
#include "observe/log_format.hpp"

#include <fmt/format.h>

#include <iterator>

#include "config/utf8.hpp"

namespace qm::observe {
namespace {

enum class Escapes : std::uint8_t { text, json };

// What ends or hides a line for some reader: C0, DEL, C1 (with NEL), and the line, paragraph and
// bidirectional controls. 0 for everything else.
std::uint32_t control_character(std::string_view character) noexcept {
  const auto byte = [&](std::size_t i) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(character[i]));
  };
  std::uint32_t code = 0;
  if (character.size() == 2) code = ((byte(0) & 0x1FU) << 6U) | (byte(1) & 0x3FU);
  if (character.size() == 3) {
    code = ((byte(0) & 0x0FU) << 12U) | ((byte(1) & 0x3FU) << 6U) | (byte(2) & 0x3FU);
  }
  const bool is_control = (code >= 0x80 && code <= 0x9F) || (code >= 0x2028 && code <= 0x202E) ||
                          (code >= 0x2066 && code <= 0x2069);
  return is_control ? code : 0;
}

void append_ascii(std::string& out, char character, Escapes escapes) {
  switch (character) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      break;
  }
  const auto code = static_cast<unsigned char>(character);
  if (code >= 0x20 && code != 0x7F) {
    out += character;
  } else if (escapes == Escapes::json) {
    fmt::format_to(std::back_inserter(out), "\\u{:04x}", code);
  } else {
    fmt::format_to(std::back_inserter(out), "\\x{:02x}", code);
  }
}

void append_escaped(std::string& out, std::string_view text, Escapes escapes) {
  while (!text.empty()) {
    const std::size_t size = utf8_character(text);
    if (size == 1) {
      append_ascii(out, text[0], escapes);
    } else if (size == 0) {
      if (escapes == Escapes::json) out += '\\';
      fmt::format_to(std::back_inserter(out), "\\x{:02x}", static_cast<unsigned char>(text[0]));
    } else if (const auto code = control_character(text.substr(0, size)); code != 0) {
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", code);
    } else {
      out += text.substr(0, size);
    }
    text.remove_prefix(size == 0 ? 1 : size);
  }
}

void append_quoted(std::string& out, std::string_view text, Escapes escapes) {
  out += '"';
  append_escaped(out, text, escapes);
  out += '"';
}

bool is_plain_word(std::string_view text) noexcept {
  if (text.empty()) return false;
  while (!text.empty()) {
    const std::size_t size = utf8_character(text);
    if (size == 0) return false;
    if (size == 1) {
      const char each = text[0];
      if (each <= ' ' || each == '\x7F' || each == '"' || each == '\\' || each == '=') return false;
    } else if (control_character(text.substr(0, size)) != 0) {
      return false;
    }
    text.remove_prefix(size);
  }
  return true;
}

// ISO 8601 in UTC with milliseconds. By calendar arithmetic: gmtime() is not thread-safe and the
// formatting of std::chrono is not in GCC 12.
void append_time(std::string& out, std::chrono::system_clock::time_point time) {
  const auto millis = std::chrono::floor<std::chrono::milliseconds>(time);
  const auto day = std::chrono::floor<std::chrono::days>(millis);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(millis - day);
  fmt::format_to(std::back_inserter(out), "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
                 static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                 static_cast<unsigned>(date.day()), clock.hours().count(), clock.minutes().count(),
                 clock.seconds().count(), clock.subseconds().count());
}

// Where the fields of a record go, in one order for both formats.
class TextFields {
 public:
  explicit TextFields(std::string& out) : out_(out) {}

  void text(const char* name, std::string_view value) {
    begin(name);
    if (is_plain_word(value)) {
      out_ += value;
    } else {
      append_quoted(out_, value, Escapes::text);
    }
  }
  // Rendered by log_parameters.cpp: brackets around escaped values, readable as it is.
  void rendered(const char* name, std::string_view value) {
    begin(name);
    out_ += value;
  }
  template <class Value>
  void literal(const char* name, const Value& value) {
    begin(name);
    fmt::format_to(std::back_inserter(out_), "{}", value);
  }

 private:
  void begin(const char* name) {
    out_ += ' ';
    out_ += name;
    out_ += '=';
  }
  std::string& out_;
};

class JsonFields {
 public:
  explicit JsonFields(std::string& out) : out_(out) {}

  void text(const char* name, std::string_view value) {
    begin(name);
    append_quoted(out_, value, Escapes::json);
  }
  void rendered(const char* name, std::string_view value) { text(name, value); }
  template <class Value>
  void literal(const char* name, const Value& value) {
    begin(name);
    fmt::format_to(std::back_inserter(out_), "{}", value);
  }

 private:
  void begin(const char* name) {
    out_ += ",\"";
    out_ += name;
    out_ += "\":";
  }
  std::string& out_;
};

template <class Fields>
void append_fields(Fields fields, const LogRecord& record) {
  if (!record.area.empty()) fields.text("area", record.area);
  if (!record.query.empty()) fields.text("query", record.query);
  if (!record.plugin.empty()) fields.text("plugin", record.plugin);
  if (!record.operation.empty()) fields.text("operation", record.operation);
  // Microseconds: what a clock read at both ends of a statement can tell apart.
  if (record.duration_ms) {
    std::string digits = fmt::format("{:.3f}", *record.duration_ms);
    digits.erase(digits.find_last_not_of('0') + 1);
    if (digits.back() == '.') digits.pop_back();
    fields.literal("duration_ms", digits);
  }
  if (record.rows) fields.literal("rows", *record.rows);
  if (!record.sqlstate.empty()) fields.text("sqlstate", record.sqlstate);
  if (record.connection) fields.literal("connection", *record.connection);
  if (!record.parameters.empty()) fields.rendered("parameters", record.parameters);
  if (record.slow) fields.literal("slow", true);
  if (record.suppressed != 0) fields.literal("suppressed", record.suppressed);
  if (!record.sql.empty()) fields.text("sql", record.sql);
}

}  // namespace

const char* to_string(Severity severity) noexcept {
  switch (severity) {
    case Severity::debug:
      return "debug";
    case Severity::info:
      return "info";
    case Severity::warning:
      return "warning";
    case Severity::error:
      return "error";
  }
  return "unknown";
}

std::string format_text(const LogRecord& record) {
  std::string out;
  out.reserve(256);
  append_time(out, record.time);
  out += ' ';
  out += to_string(record.severity);
  out += ' ';
  if (is_plain_word(record.message)) {
    out += record.message;
  } else {
    append_quoted(out, record.message, Escapes::text);
  }
  append_fields(TextFields(out), record);
  return out;
}

std::string format_json(const LogRecord& record) {
  std::string out;
  out.reserve(256);
  out += "{\"time\":\"";
  append_time(out, record.time);
  out += "\",\"level\":\"";
  out += to_string(record.severity);
  out += "\",\"message\":";
  append_quoted(out, record.message, Escapes::json);
  append_fields(JsonFields(out), record);
  out += '}';
  return out;
}

std::string quote(std::string_view text) {
  std::string out;
  append_quoted(out, text, Escapes::text);
  return out;
}

}  // namespace qm::observe

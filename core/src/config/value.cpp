// See value.hpp.
#include "config/value.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "config/nearest.hpp"

namespace qm::config {
namespace {

using Shape = RawValue::Shape;

constexpr std::size_t longest_shown = 60;

struct Unit {
  std::string_view name;
  std::int64_t microseconds;
};
constexpr std::array<Unit, 5> units{
    {{"h", 3'600'000'000}, {"m", 60'000'000}, {"s", 1'000'000}, {"ms", 1'000}, {"us", 1}}};

// Control characters would let a value forge lines of a message.
std::string shown(std::string_view text) {
  std::string result = "\"";
  for (const char c : text.substr(0, longest_shown)) {
    const bool is_control = static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
    result += is_control ? '?' : c;
  }
  return result + (text.size() > longest_shown ? "...\"" : "\"");
}

std::string found(const KeyContext& key, const RawValue& raw) {
  switch (raw.shape) {
    case Shape::list:
      return "a list";
    case Shape::mapping:
      return "a mapping";
    case Shape::nothing:
      return "no value";
    case Shape::text:
    case Shape::plain:
    case Shape::quoted:
      break;
  }
  if (key.secret) return "a value that is not shown here";
  return (raw.shape == Shape::quoted ? "the text " : "") + shown(raw.text);
}

bool is_scalar(const RawValue& raw) {
  return raw.shape == Shape::text || raw.shape == Shape::plain || raw.shape == Shape::quoted;
}

// C interfaces (libpq, open) would silently see a shorter text.
void refuse_nul(const KeyContext& key, const RawValue& raw, std::string_view text) {
  if (text.find('\0') != std::string_view::npos) refuse(key, raw, "it contains a NUL character");
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> items;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(separator), text.size());
    items.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return items;
}

}  // namespace

void refuse(const KeyContext& key, const RawValue& raw, const std::string& hint) {
  std::string advice = hint;
  if (advice.empty() && raw.shape == Shape::nothing) {
    advice = "leave the key out to use the default";
  }
  throw ConfigError(Report{.object = raw.origin + ": " + key.key,
                           .expected = key.type,
                           .found = found(key, raw),
                           .hint = advice});
}

std::string read_text(const KeyContext& key, const RawValue& raw) {
  if (!is_scalar(raw)) refuse(key, raw);
  refuse_nul(key, raw, raw.text);
  return raw.text;
}

bool read_bool(const KeyContext& key, const RawValue& raw) {
  if (raw.shape != Shape::text && raw.shape != Shape::plain) refuse(key, raw);
  if (raw.text != "true" && raw.text != "false") refuse(key, raw);
  return raw.text == "true";
}

std::int64_t read_integer(const KeyContext& key, const RawValue& raw, std::int64_t low,
                          std::int64_t high) {
  if (raw.shape == Shape::quoted) refuse(key, raw, "write the number without quotes");
  if (!is_scalar(raw)) refuse(key, raw);
  std::int64_t value = 0;
  const char* const end = raw.text.data() + raw.text.size();
  const auto [rest, error] = std::from_chars(raw.text.data(), end, value);
  if (error != std::errc{} || rest != end || value < low || value > high) refuse(key, raw);
  return value;
}

std::size_t read_choice(const KeyContext& key, const RawValue& raw,
                        std::span<const std::string_view> choices) {
  if (!is_scalar(raw)) refuse(key, raw);
  const auto match = std::find(choices.begin(), choices.end(), raw.text);
  if (match != choices.end()) return static_cast<std::size_t>(match - choices.begin());
  const std::vector<std::string> names(choices.begin(), choices.end());
  const std::string meant = nearest(raw.text, names);
  refuse(key, raw, meant.empty() ? "" : "did you mean " + meant + "?");
}

std::optional<std::int64_t> read_duration(const KeyContext& key, const RawValue& raw,
                                          std::int64_t low, std::int64_t high, std::int64_t unit,
                                          std::string_view none) {
  if (!is_scalar(raw)) refuse(key, raw);
  if (!none.empty() && raw.text == none) return std::nullopt;
  const std::optional<std::int64_t> value = parse_duration(raw.text);
  if (!value) {
    const bool is_number =
        !raw.text.empty() && raw.text.find_first_not_of("0123456789") == std::string::npos;
    refuse(key, raw,
           is_number ? "give a unit: us, ms, s, m or h" : "for example 500ms, 30s or 1h30m");
  }
  if (*value < low || *value > high) refuse(key, raw);
  if (*value % unit != 0) refuse(key, raw, "the smallest step is " + duration_text(unit));
  return value;
}

std::vector<std::string> read_list(const KeyContext& key, const RawValue& raw, char separator) {
  std::vector<std::string> items;
  if (raw.shape == Shape::list) {
    items = raw.items;
  } else if (raw.shape == Shape::text) {
    items = split(raw.text, separator);
  } else {
    refuse(key, raw, is_scalar(raw) ? "write it as [" + raw.text + "]" : "");
  }
  for (const std::string& item : items)
    refuse_nul(key, raw, item);
  if (std::find(items.begin(), items.end(), "") != items.end()) {
    throw ConfigError(Report{
        .object = raw.origin + ": " + key.key, .expected = key.type, .found = "an empty item"});
  }
  return items;
}

std::optional<std::int64_t> parse_duration(std::string_view text) {
  if (text == "0") return 0;
  std::int64_t total = 0;
  std::size_t next_unit = 0;  // units run from large to small
  if (text.empty()) return std::nullopt;
  while (!text.empty()) {
    std::int64_t number = 0;
    const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || text.front() == '-') return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(rest - text.data()));
    const std::string_view name =
        text.substr(0, std::min(text.find_first_of("0123456789"), text.size()));
    while (next_unit < units.size() && units[next_unit].name != name)
      ++next_unit;
    if (next_unit == units.size()) return std::nullopt;
    std::int64_t part = 0;
    if (__builtin_mul_overflow(number, units[next_unit].microseconds, &part) ||
        __builtin_add_overflow(total, part, &total)) {
      return std::nullopt;
    }
    text.remove_prefix(name.size());
    ++next_unit;
  }
  return total;
}

std::string duration_text(std::int64_t microseconds) {
  if (microseconds == 0) return "0";
  std::string text;
  for (const Unit& unit : units) {
    const std::int64_t number = microseconds / unit.microseconds;
    if (number != 0) text += fmt::format("{}{}", number, unit.name);
    microseconds %= unit.microseconds;
  }
  return text;
}

std::string yaml_text(std::string_view text) {
  const bool is_plain =
      !text.empty() && text != "null" && text != "true" && text != "false" &&
      (text.front() == '/' || text.front() == '.' || (text.front() | 0x20) >= 'a') &&
      std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               c == '/' || c == '.' || c == '_' || c == '-' || c == '@' || c == '+';
      });
  if (is_plain) return std::string(text);
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      quoted += '\\';
      quoted += c;
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
      quoted += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    } else {
      quoted += c;
    }
  }
  return quoted + '"';
}

std::string yaml_list(std::span<const std::string> items) {
  std::string text = "[";
  for (const std::string& item : items) {
    if (text.size() > 1) text += ", ";
    text += yaml_text(item);
  }
  return text + ']';
}

}  // namespace qm::config

// One configuration value as a source wrote it, and how the types of the key table are read from
// it and written back. Not for where values come from (file.hpp, loader.cpp) and not for which
// keys there are (keys.cpp).
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <quartermaster/error.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace qm::config {

struct RawValue {
  enum class Shape : std::uint8_t {
    text,     // environment or flag: any type is read from it
    plain,    // YAML scalar without quotes
    quoted,   // YAML scalar in quotes: text even when it looks like a number
    list,     // YAML sequence of scalars
    mapping,  // YAML mapping
    nothing,  // YAML null, or a key without a value
  };
  Shape shape = Shape::text;
  std::string text;
  std::vector<std::string> items;
  std::string origin;  // as in ConfigEntry: "quartermaster.yaml:3", "flag --log-level"
};

// What is known of the key while its value is read; names it in errors.
struct KeyContext {
  std::string key;
  std::string type;
  bool secret = false;
};

// "origin: key: expected <type>, found <value>"; a secret's value is not repeated.
[[noreturn]] void refuse(const KeyContext& key, const RawValue& raw, const std::string& hint = {});

std::string read_text(const KeyContext& key, const RawValue& raw);
bool read_bool(const KeyContext& key, const RawValue& raw);
std::int64_t read_integer(const KeyContext& key, const RawValue& raw, std::int64_t low,
                          std::int64_t high);
std::size_t read_choice(const KeyContext& key, const RawValue& raw,
                        std::span<const std::string_view> choices);
// Microseconds, a multiple of `unit`. `none`, where given, is a word that stands for no value.
std::optional<std::int64_t> read_duration(const KeyContext& key, const RawValue& raw,
                                          std::int64_t low, std::int64_t high, std::int64_t unit,
                                          std::string_view none = {});
// From the environment and flags the items are separated by `separator`.
std::vector<std::string> read_list(const KeyContext& key, const RawValue& raw, char separator);

// "0", or one or more of <number>(h|m|s|ms|us) from large to small, each unit at most once, no
// sign, space or fraction. Empty when it is not, or does not fit.
std::optional<std::int64_t> parse_duration(std::string_view text);
std::string duration_text(std::int64_t microseconds);  // "1h30m"

// A scalar as YAML reads it back: quoted where it must be.
std::string yaml_text(std::string_view text);
std::string yaml_list(std::span<const std::string> items);  // "[a, b]"

}  // namespace qm::config

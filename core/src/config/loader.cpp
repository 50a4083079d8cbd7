// ConfigLoader: takes the values of all sources to the key table, in rising precedence, and
// remembers where each came from. A value that is overridden is checked all the same: it would
// surprise on the day the override goes away.
#include <unistd.h>

#include <algorithm>
#include <array>
#include <quartermaster/config.hpp>
#include <quartermaster/error.hpp>
#include <string_view>

#include "config/file.hpp"
#include "config/keys.hpp"
#include "config/nearest.hpp"
#include "config/utf8.hpp"
#include "config/value.hpp"

namespace qm {
namespace {

using config::Key;
using config::RawValue;

constexpr std::string_view prefix = "QUARTERMASTER_";
constexpr std::array<std::string_view, 3> reserved{
    "QUARTERMASTER_CONFIG", "QUARTERMASTER_PLUGIN_PATH", "QUARTERMASTER_TEST_SERVER"};

RawValue text_value(const std::string& origin, const std::string& key, const std::string& text) {
  if (find_invalid_utf8(text) != std::string::npos) {
    throw ConfigError(
        Report{.object = origin + ": " + key, .problem = "the value is not UTF-8 text"});
  }
  return RawValue{RawValue::Shape::text, text, {}, origin};
}

[[noreturn]] void refuse_name(const std::string& object, const std::string& name,
                              const std::vector<std::string>& known) {
  const std::string meant = nearest(name, known);
  throw ConfigError(Report{.object = object,
                           .problem = "there is no such key",
                           .hint = meant.empty() ? "" : "did you mean " + meant + "?"});
}

std::map<std::string, RawValue> from_environment(
    const std::map<std::string, std::string>& variables) {
  std::vector<std::string> known;
  std::map<std::string, std::string> key_of;
  for (const Key& key : config::keys()) {
    known.push_back(key.info.environment);
    key_of[key.info.environment] = key.info.key;
  }
  std::map<std::string, RawValue> values;
  for (const auto& [name, text] : variables) {
    if (!name.starts_with(prefix)) continue;
    if (std::find(reserved.begin(), reserved.end(), name) != reserved.end()) continue;
    const auto key = key_of.find(name);
    if (key == key_of.end()) refuse_name("environment " + repair_utf8(name), name, known);
    values.emplace(key->second, text_value("environment " + name, key->second, text));
  }
  return values;
}

std::map<std::string, RawValue> from_flags(const std::map<std::string, std::string>& flags) {
  std::map<std::string, RawValue> values;
  for (const auto& [name, text] : flags) {
    const Key* key = config::find_key(name);
    if (key == nullptr) {
      std::vector<std::string> known;
      for (const Key& each : config::keys())
        known.push_back(each.info.key);
      refuse_name("flag for " + repair_utf8(name), name, known);
    }
    values.emplace(name, text_value("flag " + key->info.flag, name, text));
  }
  return values;
}

std::string shown_value(const Key& key, const Config& config) {
  if (!key.info.secret) return key.write(config);
  // Secret keys are connection strings: their other parts are what an operator looks for.
  const std::string& url =
      key.info.key == "database.url" ? config.database.url : config.database.migration_url;
  return config::yaml_text(redact_url(url));
}

}  // namespace

ConfigLoader::ConfigLoader(const ConfigSources& sources) {
  const std::array<std::map<std::string, RawValue>, 3> layers{
      sources.file ? config::read_file(*sources.file) : std::map<std::string, RawValue>{},
      from_environment(sources.environment), from_flags(sources.flags)};
  for (const Key& key : config::keys()) {
    std::string origin = "default";
    for (const auto& layer : layers) {
      const auto value = layer.find(key.info.key);
      if (value == layer.end()) continue;
      key.store(value->second, config_);
      origin = value->second.origin;
    }
    entries_.push_back(
        {key.info.key, shown_value(key, config_), std::move(origin), key.info.description});
  }
}

std::map<std::string, std::string> ConfigLoader::process_environment() {
  std::map<std::string, std::string> variables;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const std::size_t equals = text.find('=');
    if (!text.starts_with(prefix) || equals == std::string_view::npos) continue;
    variables.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return variables;
}

std::span<const ConfigKeyInfo> config_keys() {
  static const std::vector<ConfigKeyInfo> infos = [] {
    std::vector<ConfigKeyInfo> list;
    for (const Key& key : config::keys())
      list.push_back(key.info);
    return list;
  }();
  return infos;
}

}  // namespace qm

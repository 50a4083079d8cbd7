// See manifest.hpp. The only user of RapidJSON's document API here; the parser is the one that
// comes with cereal (Debian packages it on its own). It gets a namespace of its own because cereal
// sets other parser flags and assertions: two versions of one inline function must not meet.
#define RAPIDJSON_NAMESPACE qm_manifest_json
#if __has_include(<cereal/external/rapidjson/document.h>)
#include <cereal/external/rapidjson/document.h>
#include <cereal/external/rapidjson/error/en.h>
#else
#include <rapidjson/document.h>
#include <rapidjson/error/en.h>
#endif
#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <map>
#include <quartermaster/error.hpp>
#include <utility>

#include "plugin/manifest.hpp"
#include "plugin/text_rules.hpp"

namespace qm::plugin {
namespace {

namespace json = RAPIDJSON_NAMESPACE;

std::string position(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, offset);
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const std::size_t line_start = before.rfind('\n') + 1;  // npos + 1 == 0
  return fmt::format("{}:{}", line, offset - line_start + 1);
}

const char* type_name(const json::Value& value) {
  switch (value.GetType()) {
    case json::kNullType:
      return "null";
    case json::kFalseType:
    case json::kTrueType:
      return "a boolean";
    case json::kObjectType:
      return "an object";
    case json::kArrayType:
      return "an array";
    case json::kStringType:
      return "a string";
    case json::kNumberType:
      return "a number";
  }
  return "something else";
}

// The members of one JSON object by name, each read at most once.
class Members {
 public:
  Members(const json::Value& object, std::string where) : where_(std::move(where)) {
    if (!object.IsObject()) refuse({}, "an object", type_name(object));
    for (const auto& member : object.GetObject()) {
      const std::string_view name(member.name.GetString(), member.name.GetStringLength());
      if (!members_.emplace(name, &member.value).second) {
        refuse(name, "once", "more than once");
      }
    }
  }

  std::string text(std::string_view name) const {
    const json::Value& value = require(name, "a string");
    if (!value.IsString()) refuse(name, "a string", type_name(value));
    std::string text(value.GetString(), value.GetStringLength());
    // "\u0000" is legal JSON, and would cut a path short.
    if (text.find('\0') != text.npos) refuse(name, "text without NUL", printable(text));
    return text;
  }

  std::string text(std::string_view name, std::string fallback) const {
    return find(name) ? text(name) : std::move(fallback);
  }

  std::uint32_t number(std::string_view name) const {
    const json::Value& value = require(name, "a number");
    if (!value.IsUint()) refuse(name, "a whole number from 0", type_name(value));
    return value.GetUint();
  }

  bool flag(std::string_view name) const {
    const json::Value* value = find(name);
    if (!value) return false;
    if (!value->IsBool()) refuse(name, "true or false", type_name(*value));
    return value->GetBool();
  }

  const json::Value* array(std::string_view name) const {
    const json::Value* value = find(name);
    if (value && !value->IsArray()) refuse(name, "an array", type_name(*value));
    return value;
  }

  [[noreturn]] void refuse(std::string_view name, std::string expected, std::string found) const {
    throw PluginError(
        {.object = name.empty() ? where_ : fmt::format("{}: \"{}\"", where_, printable(name)),
         .expected = std::move(expected),
         .found = std::move(found)});
  }

 private:
  const json::Value* find(std::string_view name) const {
    const auto at = members_.find(name);
    return at == members_.end() ? nullptr : at->second;
  }

  const json::Value& require(std::string_view name, const char* expected) const {
    const json::Value* value = find(name);
    if (!value) refuse(name, expected, "no such member");
    return *value;
  }

  std::string where_;
  std::map<std::string_view, const json::Value*> members_;
};

void check_encoding(std::string_view text, const std::string& where) {
  const std::size_t invalid = first_invalid_utf8(text);
  if (invalid != text.npos) {
    throw PluginError({.object = fmt::format("{}:{}", where, position(text, invalid)),
                       .expected = "UTF-8",
                       .found = fmt::format("byte {}", printable(text.substr(invalid, 1)))});
  }
  // The parser takes NUL for the end, and would not look at what follows.
  const std::size_t nul = text.find('\0');
  if (nul != text.npos) {
    throw PluginError({.object = fmt::format("{}:{}", where, position(text, nul)),
                       .expected = "JSON text",
                       .found = "a NUL byte"});
  }
}

std::filesystem::path library_path(const Members& members, const std::filesystem::path& file) {
  const std::string text = members.text("library");
  const std::filesystem::path library(text);
  const bool climbs = std::any_of(library.begin(), library.end(),
                                  [](const auto& component) { return component == ".."; });
  if (library.empty() || library.is_absolute() || climbs || !library.has_filename()) {
    members.refuse("library", "a path below the manifest's directory", printable(text));
  }
  return file.parent_path() / library;
}

PluginDependency parse_dependency(const json::Value& value, const std::string& where) {
  const Members members(value, where);
  PluginDependency dependency{members.text("id"), members.text("version", "")};
  if (!is_plugin_id(dependency.id)) {
    members.refuse("id", "[a-z][a-z0-9_]{0,62}", printable(dependency.id));
  }
  if (!VersionRange::parse(dependency.version_range)) {
    members.refuse("version", "comparisons such as \">=0.1.0 <1.0.0\"",
                   printable(dependency.version_range));
  }
  return dependency;
}

std::vector<PluginDependency> parse_dependencies(const Members& members, const std::string& where) {
  std::vector<PluginDependency> dependencies;
  const json::Value* array = members.array("dependencies");
  if (!array) return dependencies;
  if (array->Size() > max_dependencies) {
    members.refuse("dependencies", fmt::format("at most {}", max_dependencies),
                   fmt::format("{}", array->Size()));
  }
  for (const json::Value& value : array->GetArray()) {
    PluginDependency dependency =
        parse_dependency(value, fmt::format("{}: dependency {}", where, dependencies.size() + 1));
    if (std::any_of(dependencies.begin(), dependencies.end(),
                    [&](const PluginDependency& other) { return other.id == dependency.id; })) {
      members.refuse("dependencies", "each plugin once", dependency.id + " more than once");
    }
    dependencies.push_back(std::move(dependency));
  }
  return dependencies;
}

}  // namespace

Manifest parse_manifest(std::string_view text, const std::filesystem::path& file) {
  const std::string where = printable(file.native(), 4096);
  if (text.size() > max_manifest_bytes) {
    throw PluginError({.object = where,
                       .expected = fmt::format("at most {} bytes", max_manifest_bytes),
                       .found = fmt::format("{} bytes", text.size())});
  }
  check_encoding(text, where);
  json::Document document;
  // Iterative: nesting costs heap, not stack.
  document.Parse<json::kParseIterativeFlag | json::kParseValidateEncodingFlag>(text.data(),
                                                                               text.size());
  if (document.HasParseError()) {
    throw PluginError(
        {.object = fmt::format("{}:{}", where, position(text, document.GetErrorOffset())),
         .expected = "JSON",
         .found = json::GetParseError_En(document.GetParseError())});
  }

  const Members members(document, where);
  Manifest manifest;
  manifest.file = file;
  manifest.id = members.text("id");
  if (!is_plugin_id(manifest.id)) {
    members.refuse("id", "[a-z][a-z0-9_]{0,62}", printable(manifest.id));
  }
  manifest.name = members.text("name", manifest.id);
  const std::string version = members.text("version");
  const auto parsed = Version::parse(version);
  if (!parsed) members.refuse("version", "MAJOR.MINOR.PATCH", printable(version));
  manifest.version = *parsed;
  manifest.abi_major = members.number("abi_major");
  manifest.abi_minor = members.number("abi_minor");
  manifest.library = library_path(members, file);
  manifest.dependencies = parse_dependencies(members, where);
  manifest.optional = members.flag("optional");
  return manifest;
}

}  // namespace qm::plugin

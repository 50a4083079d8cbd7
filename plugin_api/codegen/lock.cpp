// See lock.hpp. Written by hand, so that a parameter or column is one line of a diff; read with the
// RapidJSON that comes with cereal (Debian packages it on its own), in a namespace of its own
// because cereal sets other flags: two versions of one inline function must not meet.
#define RAPIDJSON_NAMESPACE qm_codegen_json
#if __has_include(<cereal/external/rapidjson/document.h>)
#include <cereal/external/rapidjson/document.h>
#include <cereal/external/rapidjson/error/en.h>
#else
#include <rapidjson/document.h>
#include <rapidjson/error/en.h>
#endif
#include "codegen/lock.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "codegen/diagnostic.hpp"
#include "codegen/json.hpp"
#include "codegen/sha256.hpp"

namespace qm::codegen {
namespace {

namespace json = RAPIDJSON_NAMESPACE;

constexpr std::uint32_t format = 2;

std::string value_line(const TypedName& value) {
  std::string line =
      fmt::format("{{\"name\": {}, \"type\": {}, \"oid\": {}, \"nullable\": {}",
                  json_string(value.name), json_string(value.type), value.oid, value.nullable);
  if (!value.table.empty()) {
    line += fmt::format(", \"table\": {}", json_string(value.table));
  }
  if (!value.embed.empty()) {
    line += fmt::format(", \"{}\": {}", value.optional_embed ? "optional_embed" : "embed",
                        json_string(value.embed));
  }
  return line + "}";
}

std::string value_list(const std::vector<TypedName>& values) {
  if (values.empty()) return "[]";
  std::string text = "[";
  for (const TypedName& value : values) {
    text += fmt::format("{}\n        {}", text.size() > 1 ? "," : "", value_line(value));
  }
  return text + "\n      ]";
}

std::string star_list(const std::vector<Star>& stars) {
  std::string text = "[";
  for (const Star& star : stars) {
    text += fmt::format("{}\n        {{\"at\": {}, \"length\": {}, \"columns\": {}}}",
                        &star == stars.data() ? "" : ",", star.at, star.length,
                        json_string(star.columns));
  }
  return text + "\n      ]";
}

std::string type_line(const TypeEntry& type) {
  std::string line = fmt::format("{{\"name\": {}", json_string(type.name));
  switch (type.form) {
    case TypeEntry::Form::enumeration: {
      std::string labels;
      for (const std::string& label : type.labels)
        labels += (labels.empty() ? "" : ", ") + json_string(label);
      return line + ", \"enum\": [" + labels + "]}";
    }
    case TypeEntry::Form::domain:
    case TypeEntry::Form::array:
      return line + fmt::format(", \"{}\": {}, \"oid\": {}}}",
                                type.form == TypeEntry::Form::domain ? "domain" : "array",
                                json_string(type.base), type.base_oid);
    case TypeEntry::Form::text:
      return line + ", \"text\": true}";
    case TypeEntry::Form::composite: {
      std::string attributes;
      for (const TypedName& attribute : type.attributes) {
        attributes += fmt::format("{}\n      {{\"name\": {}, \"type\": {}, \"oid\": {}}}",
                                  attributes.empty() ? "" : ",", json_string(attribute.name),
                                  json_string(attribute.type), attribute.oid);
      }
      return line + ", \"attributes\": [" + attributes + "\n    ]}";
    }
    case TypeEntry::Form::opaque:
      break;
  }
  return line + "}";
}

class Reader {
 public:
  Reader(const std::string& text, const std::string& file) : file_(file) {
    document_.Parse<json::kParseIterativeFlag>(text.data(), text.size());
    if (document_.HasParseError()) {
      const Source source(file, text);
      throw CodegenError(
          at(source, document_.GetErrorOffset(),
             {.expected = "JSON", .found = json::GetParseError_En(document_.GetParseError())}));
    }
  }

  Lock read() const {
    const std::uint32_t found = number(document_, "format");
    if (found != format) {
      refuse(fmt::format("a lock file of format {}", format), fmt::format("format {}", found));
    }
    Lock lock;
    for (const json::Value& entry : list(document_, "schema")) {
      lock.schema.push_back({text(entry, "plugin"), text(entry, "sha256")});
    }
    for (const json::Value& entry : list(document_, "types"))
      lock.types.push_back(type(entry));
    for (const json::Value& entry : list(document_, "queries")) {
      lock.queries.push_back({text(entry, "name"), text(entry, "kind"), text(entry, "sql"),
                              text(entry, "row"), values(entry, "parameters"),
                              values(entry, "columns"), text(entry, "copy"), stars(entry),
                              flag(entry, "reads_only")});
    }
    for (const LockEntry& entry : lock.queries) {
      if (parse_kind(":" + entry.kind)) continue;
      refuse(fmt::format("a kind for query {}", entry.name),
             entry.kind.empty() ? "nothing" : entry.kind);
    }
    return lock;
  }

 private:
  [[noreturn]] void refuse(std::string expected, std::string found) const {
    throw CodegenError(Diagnostic{.file = file_,
                                  .report = {.expected = std::move(expected),
                                             .found = std::move(found),
                                             .hint = "write it again with qmgen describe"}});
  }

  const json::Value* find(const json::Value& object, const char* name) const {
    if (!object.IsObject()) refuse("an object", "something else");
    const auto member = object.FindMember(name);
    return member == object.MemberEnd() ? nullptr : &member->value;
  }

  std::string text(const json::Value& object, const char* name) const {
    const json::Value* value = find(object, name);
    if (!value) return {};
    if (!value->IsString()) refuse(fmt::format("text for \"{}\"", name), "something else");
    return {value->GetString(), value->GetStringLength()};
  }

  std::uint32_t number(const json::Value& object, const char* name) const {
    const json::Value* value = find(object, name);
    if (!value) refuse(fmt::format("a number for \"{}\"", name), "nothing");
    if (!value->IsUint()) {
      refuse(fmt::format("a number up to 4294967295 for \"{}\"", name), "something else");
    }
    return value->GetUint();
  }

  // False when it is not there.
  bool flag(const json::Value& object, const char* name) const {
    const json::Value* value = find(object, name);
    if (!value) return false;
    if (!value->IsBool()) refuse(fmt::format("true or false for \"{}\"", name), "neither");
    return value->GetBool();
  }

  json::Value::ConstArray list(const json::Value& object, const char* name) const {
    const json::Value* value = find(object, name);
    if (!value) refuse(fmt::format("a list for \"{}\"", name), "nothing");
    if (!value->IsArray()) refuse(fmt::format("a list for \"{}\"", name), "something else");
    return value->GetArray();
  }

  TypeEntry type(const json::Value& entry) const {
    TypeEntry read{text(entry, "name")};
    if (find(entry, "enum")) {
      read.form = TypeEntry::Form::enumeration;
      for (const json::Value& label : list(entry, "enum")) {
        if (!label.IsString()) refuse("text for a label of " + read.name, "something else");
        read.labels.emplace_back(label.GetString(), label.GetStringLength());
      }
    } else if (find(entry, "text")) {
      read.form = TypeEntry::Form::text;
    } else if (find(entry, "attributes")) {
      read.form = TypeEntry::Form::composite;
      for (const json::Value& attribute : list(entry, "attributes")) {
        read.attributes.push_back({.name = text(attribute, "name"),
                                   .type = text(attribute, "type"),
                                   .oid = number(attribute, "oid"),
                                   .nullable = true,
                                   .table = {}});
      }
    } else {
      for (const auto& [key, form] : {std::pair("domain", TypeEntry::Form::domain),
                                      std::pair("array", TypeEntry::Form::array)}) {
        if (!find(entry, key)) continue;
        read.form = form;
        read.base = text(entry, key);
        read.base_oid = number(entry, "oid");
      }
    }
    return read;
  }

  std::vector<Star> stars(const json::Value& entry) const {
    std::vector<Star> read;
    if (!find(entry, "stars")) return read;
    for (const json::Value& star : list(entry, "stars"))
      read.push_back({number(star, "at"), number(star, "length"), text(star, "columns")});
    return read;
  }

  std::vector<TypedName> values(const json::Value& entry, const char* name) const {
    std::vector<TypedName> read;
    for (const json::Value& value : list(entry, name)) {
      const json::Value* nullable = find(value, "nullable");
      if (!nullable || !nullable->IsBool()) refuse("true or false for \"nullable\"", "neither");
      read.push_back({text(value, "name"), text(value, "type"), number(value, "oid"),
                      nullable->GetBool(), text(value, "table")});
      TypedName& last = read.back();
      last.embed = text(value, "optional_embed");
      last.optional_embed = !last.embed.empty();
      if (!last.optional_embed) last.embed = text(value, "embed");
    }
    return read;
  }

  const std::string& file_;
  json::Document document_;
};

}  // namespace

const LockEntry* Lock::find(std::string_view name) const noexcept {
  const auto found = std::find_if(queries.begin(), queries.end(),
                                  [&](const LockEntry& entry) { return entry.name == name; });
  return found == queries.end() ? nullptr : &*found;
}

const TypeEntry* Lock::find_type(std::string_view name) const noexcept {
  const auto found = std::find_if(types.begin(), types.end(),
                                  [&](const TypeEntry& entry) { return entry.name == name; });
  return found == types.end() ? nullptr : &*found;
}

std::string query_hash(const SourceQuery& query, const Statement& statement) {
  std::string text = fmt::format("{}\n", to_string(query.kind));
  for (const Parameter& parameter : statement.parameters()) {
    text += fmt::format("{}{}\n", parameter.name, parameter.nullable ? "?" : "");
  }
  for (const Mention& column : query.annotations.not_null)
    text += "@notnull " + column.name + "\n";
  for (const Mention& column : query.annotations.nullable)
    text += "@nullable " + column.name + "\n";
  return hex(sha256(text + statement.sql()));
}

std::string to_json(const Lock& lock) {
  std::string text = fmt::format("{{\n  \"format\": {},\n  \"schema\": [", format);
  for (const SchemaState& state : lock.schema) {
    text += fmt::format("{}\n    {{\"plugin\": {}, \"sha256\": {}}}",
                        &state == lock.schema.data() ? "" : ",", json_string(state.plugin),
                        json_string(state.sha256));
  }
  text += fmt::format("{}],\n  \"types\": [", lock.schema.empty() ? "" : "\n  ");
  for (const TypeEntry& type : lock.types)
    text += (&type == lock.types.data() ? "\n    " : ",\n    ") + type_line(type);
  text += fmt::format("{}],\n  \"queries\": [", lock.types.empty() ? "" : "\n  ");
  for (const LockEntry& entry : lock.queries) {
    text += &entry == lock.queries.data() ? "\n    {\n" : ",\n    {\n";
    text += fmt::format("      \"name\": {},\n      \"kind\": {},\n      \"sql\": {},\n",
                        json_string(entry.name), json_string(entry.kind), json_string(entry.sql));
    if (!entry.row.empty()) text += fmt::format("      \"row\": {},\n", json_string(entry.row));
    if (!entry.copy.empty()) text += fmt::format("      \"copy\": {},\n", json_string(entry.copy));
    if (!entry.stars.empty()) text += fmt::format("      \"stars\": {},\n", star_list(entry.stars));
    if (entry.reads_only) text += "      \"reads_only\": true,\n";
    text += fmt::format("      \"parameters\": {},\n", value_list(entry.parameters));
    text += fmt::format("      \"columns\": {}\n    }}", value_list(entry.columns));
  }
  return text + (lock.queries.empty() ? "]\n}\n" : "\n  ]\n}\n");
}

Lock parse_lock(const std::string& text, const std::string& file) {
  return Reader(text, file).read();
}

Lock read_lock(const std::filesystem::path& file) {
  if (!std::filesystem::exists(file)) return {};
  return parse_lock(read_source(file).text(), file.string());
}

}  // namespace qm::codegen

// Rows as JSON, written by cereal's archive: the one place that includes it for that. See
// quartermaster/visit.hpp.
#include <cereal/archives/json.hpp>
#include <cmath>
#include <quartermaster/error.hpp>
#include <quartermaster/visit.hpp>
#include <sstream>

namespace qm::client {
namespace {

#ifdef CEREAL_RAPIDJSON_NAMESPACE
namespace json_tree = CEREAL_RAPIDJSON_NAMESPACE;  // cereal's own copy
#else
namespace json_tree = ::rapidjson;  // the package that Debian's cereal uses
#endif

// "2024-05-06 07:08:09.5+00" -> "2024-05-06T07:08:09.5Z" (RFC 3339); infinities stay.
std::string rfc3339(std::string_view text) {
  std::string out(text);
  const std::size_t blank = out.find(' ');
  if (blank != out.npos) out[blank] = 'T';
  if (out.ends_with("+00")) out.replace(out.size() - 3, 3, "Z");
  return out;
}

}  // namespace

// The archive begins with a node of its own, which the outermost value becomes.
struct JsonWriter::Impl {
  std::ostringstream out;
  std::unique_ptr<cereal::JSONOutputArchive> archive = std::make_unique<cereal::JSONOutputArchive>(
      out, cereal::JSONOutputArchive::Options::NoIndent());
  std::string next_name;
  int depth = 0;

  void begin() {
    if (depth++ > 0) archive->startNode();
  }
  void end() {
    if (--depth > 0) archive->finishNode();
  }
  template <class T>
  void value(const T& value) {
    archive->writeName();
    archive->saveValue(value);
  }
  void tree(const json_tree::Value& node);
};

void JsonWriter::Impl::tree(const json_tree::Value& node) {
  switch (node.GetType()) {
    case json_tree::kNullType:
      return value(nullptr);
    case json_tree::kFalseType:
    case json_tree::kTrueType:
      return value(node.GetBool());
    case json_tree::kStringType:
      return value(std::string(node.GetString(), node.GetStringLength()));
    case json_tree::kNumberType:
      if (node.IsInt64()) return value(node.GetInt64());
      if (node.IsUint64()) return value(node.GetUint64());
      return value(node.GetDouble());
    case json_tree::kArrayType:
      begin();
      archive->makeArray();
      for (const auto& item : node.GetArray())
        tree(item);
      return end();
    case json_tree::kObjectType:
      begin();
      for (const auto& member : node.GetObject()) {
        next_name.assign(member.name.GetString(), member.name.GetStringLength());
        archive->setNextName(next_name.c_str());
        tree(member.value);
      }
      return end();
  }
}

JsonWriter::JsonWriter() : impl_(std::make_unique<Impl>()) {}
JsonWriter::~JsonWriter() = default;

void JsonWriter::begin_object() {
  impl_->begin();
}
void JsonWriter::name(std::string_view name) {
  impl_->next_name = name;
  impl_->archive->setNextName(impl_->next_name.c_str());
}
void JsonWriter::end_object() {
  impl_->end();
}
void JsonWriter::begin_array() {
  impl_->begin();
  impl_->archive->makeArray();
}
void JsonWriter::end_array() {
  // The outermost is begun with its first element, or here.
  if (impl_->depth == 1) impl_->archive->writeName();
  impl_->end();
}
void JsonWriter::null() {
  impl_->value(nullptr);
}
void JsonWriter::boolean(bool value) {
  impl_->value(value);
}
void JsonWriter::integer(std::int64_t value) {
  impl_->value(value);
}
void JsonWriter::floating(double value) {
  // JSON has no such numbers.
  if (!std::isfinite(value))
    return text(std::isnan(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity");
  impl_->value(value);
}
void JsonWriter::text(std::string_view value) {
  impl_->value(std::string(value));
}
void JsonWriter::timestamp(std::string_view value) {
  impl_->value(rfc3339(value));
}
void JsonWriter::json(std::string_view value) {
  json_tree::Document document;
  document.Parse<json_tree::kParseIterativeFlag>(value.data(), value.size());
  if (document.HasParseError()) {
    throw DecodeError(Report{.expected = "JSON", .found = std::string(value.substr(0, 60))});
  }
  impl_->tree(document);
}

std::string JsonWriter::take() {
  impl_->archive.reset();  // writes what is left
  std::string text = impl_->out.str();
  // The archive breaks lines; inside of strings they are escaped.
  std::erase(text, '\n');
  return text.empty() ? "{}" : text;
}

}  // namespace qm::client

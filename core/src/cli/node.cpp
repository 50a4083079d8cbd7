#include "cli/node.hpp"

#include <fmt/format.h>
#include <rapidjson/prettywriter.h>
#include <rapidjson/stringbuffer.h>

#include <cmath>

namespace qm::cli {

struct JsonRenderer {
  using Writer = rapidjson::PrettyWriter<rapidjson::StringBuffer>;
  Writer& writer;

  static rapidjson::SizeType size(const std::string& text) {
    return static_cast<rapidjson::SizeType>(text.size());
  }

  void render(const Node& node) { std::visit(*this, node.value_); }
  void operator()(std::monostate) { writer.Null(); }
  void operator()(bool value) { writer.Bool(value); }
  void operator()(std::int64_t value) { writer.Int64(value); }
  void operator()(double value) {
    // JSON has no words for these.
    if (std::isfinite(value)) {
      writer.Double(value);
    } else {
      writer.Null();
    }
  }
  void operator()(const std::string& value) { writer.String(value.data(), size(value)); }
  void operator()(const Node::RawJson& value) {
    writer.RawValue(value.text.data(), value.text.size(), rapidjson::kObjectType);
  }
  void operator()(const Node::Array& array) {
    writer.StartArray();
    for (const Node& item : array)
      render(item);
    writer.EndArray();
  }
  void operator()(const Node::Object& object) {
    writer.StartObject();
    for (const auto& [key, value] : object) {
      writer.Key(key.data(), size(key));
      render(value);
    }
    writer.EndObject();
  }
};

namespace {

struct TextRenderer {
  std::string operator()(std::monostate) const { return {}; }
  std::string operator()(bool value) const { return value ? "yes" : "no"; }
  std::string operator()(std::int64_t value) const { return std::to_string(value); }
  std::string operator()(double value) const { return fmt::format("{:g}", value); }
  std::string operator()(const std::string& value) const { return value; }
  std::string operator()(const Node::RawJson& value) const { return value.text; }
  std::string operator()(const Node::Array& array) const {
    std::string text;
    for (const Node& item : array)
      text += (text.empty() ? "" : ", ") + item.text();
    return text;
  }
  std::string operator()(const Node::Object& object) const {
    std::string text;
    for (const auto& [key, value] : object) {
      text += (text.empty() ? "" : " ") + key + "=" + value.text();
    }
    return text;
  }
};

}  // namespace

const Node* Node::find(std::string_view key) const {
  if (object() == nullptr) return nullptr;
  for (const auto& [name, value] : *object()) {
    if (name == key) return &value;
  }
  return nullptr;
}

bool Node::is_number() const {
  if (const auto* raw = std::get_if<RawJson>(&value_)) {
    return raw->text.find_first_of("-0123456789") == 0;
  }
  return std::holds_alternative<std::int64_t>(value_) || std::holds_alternative<double>(value_);
}

std::string Node::text() const {
  return std::visit(TextRenderer{}, value_);
}

std::string Node::json() const {
  rapidjson::StringBuffer buffer;
  JsonRenderer::Writer writer(buffer);
  writer.SetIndent(' ', 2);
  JsonRenderer{writer}.render(*this);
  return std::string(buffer.GetString(), buffer.GetSize()) + "\n";
}

}  // namespace qm::cli

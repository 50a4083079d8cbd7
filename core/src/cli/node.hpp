// A value as the CLI prints it: the same tree becomes a table for people or JSON for programs, so
// that `--output json` exists everywhere and never says something else.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace qm::cli {

class Node {
 public:
  using Array = std::vector<Node>;
  using Object = std::vector<std::pair<std::string, Node>>;  // keeps its order
  struct RawJson {
    std::string text;  // valid JSON, written as it is: also numbers with more digits than a double
  };

  Node() = default;
  Node(std::nullptr_t) {}
  Node(bool value) : value_(value) {}
  Node(double value) : value_(value) {}
  template <class Integer>
  requires std::is_integral_v<Integer> Node(Integer value)
      : value_(static_cast<std::int64_t>(value)) {}
  Node(std::string value) : value_(std::move(value)) {}
  Node(std::string_view value) : value_(std::string(value)) {}
  Node(const char* value) : value_(std::string(value)) {}
  Node(RawJson value) : value_(std::move(value)) {}
  Node(Array value) : value_(std::move(value)) {}
  Node(Object value) : value_(std::move(value)) {}

  bool is_null() const { return std::holds_alternative<std::monostate>(value_); }
  bool is_number() const;
  const Array* array() const { return std::get_if<Array>(&value_); }
  const Object* object() const { return std::get_if<Object>(&value_); }
  const Node* find(std::string_view key) const;  // in an object; null when there is none

  // One line for a table cell: null is empty, arrays are joined by commas.
  std::string text() const;
  // Indented JSON, one final line feed.
  std::string json() const;

 private:
  friend struct JsonRenderer;
  std::variant<std::monostate, bool, std::int64_t, double, std::string, RawJson, Array, Object>
      value_;
};

}  // namespace qm::cli

// See node_tree.hpp.
#include "codegen/node_tree.hpp"

#include <cstdlib>
#include <stdexcept>

namespace qm::codegen {
namespace {

bool is_space(char c) {
  return c == ' ' || c == '\n' || c == '\t';
}

bool ends_token(char c) {
  return is_space(c) || c == '(' || c == ')' || c == '{' || c == '}';
}

}  // namespace

class NodeReader {
 public:
  explicit NodeReader(std::string_view text) : text_(text) {}

  Node whole() {
    Node node = value();
    skip_space();
    if (at_ != text_.size()) fail("more after its end");
    return node;
  }

 private:
  // PostgreSQL's own limit on nesting is its stack; this keeps to ours.
  static constexpr int deepest = 2000;

  [[noreturn]] static void fail(const std::string& what) {
    throw std::runtime_error("the server's query tree cannot be read: " + what);
  }
  void skip_space() {
    while (at_ < text_.size() && is_space(text_[at_]))
      ++at_;
  }
  char next() {
    skip_space();
    if (at_ == text_.size()) fail("it ends early");
    return text_[at_];
  }

  std::string token() {
    skip_space();
    std::string out;
    while (at_ < text_.size() && !ends_token(text_[at_])) {
      if (text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
      out += text_[at_++];
    }
    if (out.empty()) fail("a value is missing");
    return out;
  }

  Node value() {
    if (++depth_ > deepest) fail("it is nested too deeply");
    Node node;
    switch (next()) {
      case '{':
        object(node);
        break;
      case '(':
        list(node);
        break;
      default:
        node.text_ = token();
    }
    --depth_;
    return node;
  }

  void list(Node& node) {
    node.kind_ = Node::Kind::list;
    node.text_.clear();
    for (++at_; next() != ')';)
      node.items_.push_back(value());
    ++at_;
    // (i 1 2), (o 16385) and (b 1): numbers of a kind.
    if (!node.items_.empty() && node.items_[0].kind_ == Node::Kind::text) {
      const std::string& mark = node.items_[0].text_;
      if (mark == "i" || mark == "o" || mark == "b" || mark == "x") {
        node.items_.erase(node.items_.begin());
      }
    }
  }

  void object(Node& node) {
    node.kind_ = Node::Kind::object;
    ++at_;
    node.text_ = token();
    while (next() != '}') {
      const std::string label = token();
      if (label.front() != ':') fail("expected a field of " + node.text_ + ", found " + label);
      // The first value may look like a label; what follows it (the bytes of a constant) cannot.
      node.fields_.emplace(label.substr(1), value());
      while (next() != '}' && next() != ':')
        value();
    }
    ++at_;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

long Node::number() const noexcept {
  return kind_ == Kind::text ? std::strtol(text_.c_str(), nullptr, 10) : 0;
}

const Node& Node::operator[](std::string_view field) const noexcept {
  static const Node none;
  const auto found = fields_.find(field);
  return found == fields_.end() ? none : found->second;
}

Node read_node(std::string_view text) {
  return NodeReader(text).whole();
}

}  // namespace qm::codegen

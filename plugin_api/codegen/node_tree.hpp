// PostgreSQL's own trees as the server prints them (outfuncs.c): of a statement with
// debug_print_parse on, of a view in pg_rewrite.ev_action. Reading only; what the nodes mean is
// for nullability.hpp and cardinality.hpp to say.
//
//   {QUERY :commandType 1 :rtable ({RTE :alias <> :relid 16385 ...}) ...}
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace qm::codegen {

class Node {
 public:
  enum class Kind { text, list, object };

  Kind kind() const noexcept { return kind_; }
  // Of a node: "QUERY". Of a plain value: the value, escapes undone. "<>" stands for none.
  const std::string& text() const noexcept { return text_; }
  bool is(std::string_view tag) const noexcept { return kind_ == Kind::object && text_ == tag; }
  bool is_none() const noexcept { return kind_ == Kind::text && text_ == "<>"; }
  bool is_true() const noexcept { return kind_ == Kind::text && text_ == "true"; }
  // 0 for anything but a number.
  long number() const noexcept;

  // Of a list; integer and oid lists have their numbers as texts. Empty for anything else.
  const std::vector<Node>& items() const noexcept { return items_; }
  // A field of an object; a node that is_none() when it has no such field, as other versions of the
  // server may.
  const Node& operator[](std::string_view field) const noexcept;
  using Fields = std::map<std::string, Node, std::less<>>;
  const Fields& fields() const noexcept { return fields_; }

 private:
  friend class NodeReader;
  Kind kind_ = Kind::text;
  std::string text_ = "<>";
  std::vector<Node> items_;
  Fields fields_;
};

// Throws std::runtime_error when the text is no tree.
Node read_node(std::string_view text);

}  // namespace qm::codegen

// See proofs.hpp.
#include "codegen/proofs.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace qm::codegen {
namespace {

using Tokens = std::vector<Token>;

Tokens slice(const Tokens& tokens, std::size_t begin, std::size_t end) {
  return {tokens.begin() + static_cast<std::ptrdiff_t>(begin),
          tokens.begin() + static_cast<std::ptrdiff_t>(end)};
}

bool is_star(const Tokens& item) {
  return !item.empty() && item.back().kind == TokenKind::operation && item.back().text == "*" &&
         (item.size() == 1 || item[item.size() - 2].is_symbol('.'));
}

// Casts between these never turn a value into NULL; a type of somebody's own may.
bool is_builtin_type(const Token& token) {
  constexpr std::array<std::string_view, 16> names{
      "int",     "integer", "bigint", "smallint", "int2", "int4",    "int8", "numeric",
      "decimal", "real",    "float",  "float4",   "text", "boolean", "bool", "varchar"};
  return std::any_of(names.begin(), names.end(),
                     [&](std::string_view name) { return token.is_word(name); });
}

class NeverNull {
 public:
  explicit NeverNull(const FunctionFacts& functions) : functions_(functions) {}

  bool item(Tokens tokens) const {
    if (expression(tokens)) return true;
    if (tokens.size() < 2) return false;
    const Token& last = tokens.back();
    if (last.kind != TokenKind::identifier && last.kind != TokenKind::quoted_identifier) {
      return false;
    }
    tokens.pop_back();
    if (tokens.back().is_word("as")) tokens.pop_back();
    return expression(tokens);
  }

 private:
  bool expression(const Tokens& tokens) const {
    const std::size_t size = tokens.size();
    if (size == 0) return false;
    if (size > 2 && tokens[size - 2].kind == TokenKind::cast && is_builtin_type(tokens[size - 1])) {
      return expression(slice(tokens, 0, size - 2));
    }
    return literal(tokens) || exists(tokens) || count(tokens) || coalesce(tokens);
  }

  static bool literal(const Tokens& tokens) {
    const Token& last = tokens.back();
    if (tokens.size() == 2) {
      return tokens[0].kind == TokenKind::operation &&
             (tokens[0].text == "-" || tokens[0].text == "+") && last.kind == TokenKind::number;
    }
    return tokens.size() == 1 &&
           (last.kind == TokenKind::number || last.kind == TokenKind::string ||
            last.is_word("true") || last.is_word("false"));
  }

  static bool exists(const Tokens& tokens) {
    const std::size_t word = tokens[0].is_word("not") ? 1 : 0;
    return tokens.size() > word + 1 && tokens[word].is_word("exists") &&
           tokens[word + 1].is_symbol('(') && closing(tokens, word + 1) == tokens.size() - 1;
  }

  // count(...) [FILTER (...)] [OVER name | OVER (...)]
  bool count(const Tokens& tokens) const {
    if (!functions_.count_is_builtin || tokens.size() < 3 || !tokens[0].is_word("count") ||
        !tokens[1].is_symbol('(')) {
      return false;
    }
    std::size_t at = closing(tokens, 1) + 1;
    if (at + 1 < tokens.size() && tokens[at].is_word("filter")) at = closing(tokens, at + 1) + 1;
    if (at + 1 < tokens.size() && tokens[at].is_word("over")) {
      at = tokens[at + 1].is_symbol('(') ? closing(tokens, at + 1) + 1 : at + 2;
    }
    return at == tokens.size();
  }

  bool coalesce(const Tokens& tokens) const {
    if (tokens.size() < 3 || !tokens[0].is_word("coalesce") || !tokens[1].is_symbol('(') ||
        closing(tokens, 1) != tokens.size() - 1) {
      return false;
    }
    const auto arguments = split_at_commas(slice(tokens, 2, tokens.size() - 1));
    return std::any_of(arguments.begin(), arguments.end(),
                       [this](const Tokens& argument) { return expression(argument); });
  }

  const FunctionFacts& functions_;
};

struct Calls {
  bool aggregate = false;
  bool set_returning = false;
};

// The calls of the list itself, not those of subqueries in it.
Calls calls_of(const Tokens& item, const FunctionFacts& functions) {
  Calls calls;
  for (std::size_t i = 0; i < item.size(); ++i) {
    if (item[i].is_symbol('(')) {
      const bool subquery =
          i + 1 < item.size() && (item[i + 1].is_word("select") || item[i + 1].is_word("with") ||
                                  item[i + 1].is_word("values"));
      if (subquery) i = closing(item, i);
      continue;
    }
    const bool is_name =
        item[i].kind == TokenKind::identifier || item[i].kind == TokenKind::quoted_identifier;
    if (!is_name || i + 1 >= item.size() || !item[i + 1].is_symbol('(')) continue;
    const std::string name = identifier_name(item[i]);
    if (functions.set_returning.count(name) != 0) calls.set_returning = true;
    std::size_t after = closing(item, i + 1) + 1;
    if (after + 1 < item.size() && item[after].is_word("filter")) {
      after = closing(item, after + 1) + 1;
    }
    const bool windowed = after < item.size() && item[after].is_word("over");
    if (!windowed && functions.aggregates.count(name) != 0) calls.aggregate = true;
  }
  return calls;
}

}  // namespace

bool keeps_not_null(const Outline& outline) {
  // RETURNING of an INSERT sees the stored row and nothing else.
  if (outline.old_or_new) return false;
  if (outline.verb == Verb::insert) return true;
  return outline.verb != Verb::other && !outline.outer_join && !outline.nested_set_operation &&
         !outline.set_operation && !outline.grouping_sets;
}

std::vector<bool> never_null_expressions(const Outline& outline, std::size_t columns,
                                         const FunctionFacts& functions) {
  std::vector<bool> proved(columns, false);
  const bool own_list = outline.verb == Verb::insert || !outline.set_operation;
  // A grouping set puts NULL in the place of any expression that is grouped by in another one.
  if (outline.verb == Verb::other || !own_list || outline.grouping_sets) return proved;
  const NeverNull never_null(functions);
  const auto& items = outline.items;
  const auto first_star = std::find_if(items.begin(), items.end(), is_star);
  if (first_star == items.end() && items.size() != columns) return proved;
  // A star stands for any number of columns: count from the front up to the first one, and from
  // the back down to the last one.
  std::size_t index = 0;
  for (auto item = items.begin(); item != first_star && index < columns; ++item, ++index) {
    proved[index] = never_null.item(*item);
  }
  if (first_star == items.end()) return proved;
  index = columns;
  for (auto item = items.rbegin(); !is_star(*item) && index > 0; ++item) {
    proved[--index] = never_null.item(*item);
  }
  return proved;
}

bool gives_exactly_one_row(const Outline& outline, const FunctionFacts& functions) {
  Calls calls;
  // A single row of VALUES may still hold a function that returns a set.
  if (calls_of(outline.values, functions).set_returning) return false;
  for (const Tokens& item : outline.items) {
    const Calls own = calls_of(item, functions);
    calls.aggregate = calls.aggregate || own.aggregate;
    calls.set_returning = calls.set_returning || own.set_returning;
  }
  if (calls.set_returning) return false;
  if (outline.verb == Verb::insert) {
    return outline.one_row_of_values && !outline.set_operation && !outline.limit &&
           (outline.on_conflict == OnConflict::none || outline.on_conflict == OnConflict::update);
  }
  if (outline.verb != Verb::select || outline.set_operation || outline.group_by || outline.having ||
      outline.limit) {
    return false;
  }
  return calls.aggregate || (!outline.from && !outline.where);
}

}  // namespace qm::codegen

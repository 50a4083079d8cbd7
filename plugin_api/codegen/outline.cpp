// See outline.hpp.
#include "codegen/outline.hpp"

#include <algorithm>
#include <initializer_list>
#include <string_view>

namespace qm::codegen {
namespace {

bool opens(const Token& token) {
  return token.is_symbol('(') || token.is_symbol('[');
}
bool closes(const Token& token) {
  return token.is_symbol(')') || token.is_symbol(']');
}

bool is_any(const Token& token, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return token.is_word(word); });
}

class Reader {
 public:
  explicit Reader(const std::vector<Token>& tokens) : tokens_(tokens) {}

  Outline run() {
    const std::size_t verb = find_verb();
    if (verb == tokens_.size()) return {};
    const Token& word = tokens_[verb];
    out_.verb = word.is_word("select")   ? Verb::select
                : word.is_word("table")  ? Verb::table
                : word.is_word("insert") ? Verb::insert
                : word.is_word("update") ? Verb::update
                : word.is_word("delete") ? Verb::remove
                                         : Verb::other;
    inspect_source(0, verb);  // WITH
    clauses(verb + 1);
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
      const bool sets = tokens_[i].is_word("grouping") && is(i + 1, "sets");
      if (sets || is_any(tokens_[i], {"rollup", "cube"})) out_.grouping_sets = true;
    }
    return out_;
  }

 private:
  bool is(std::size_t i, std::string_view word) const {
    return i < tokens_.size() && tokens_[i].is_word(word);
  }

  // A word that stands for itself: not a label after AS, not a column after a dot.
  bool is_keyword(std::size_t i) const {
    return tokens_[i].kind == TokenKind::identifier &&
           (i == 0 || (!tokens_[i - 1].is_word("as") && !tokens_[i - 1].is_symbol('.')));
  }

  std::size_t find_verb() const {
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
      if (opens(tokens_[i])) {
        if (i == 0) return tokens_.size();  // (select ...) union ...
        i = closing(tokens_, i);
        continue;
      }
      const bool names_a_cte =
          i > 0 && (is_any(tokens_[i - 1], {"with", "recursive"}) || tokens_[i - 1].is_symbol(','));
      if (is_keyword(i) && !names_a_cte &&
          is_any(tokens_[i],
                 {"select", "table", "insert", "update", "delete", "values", "merge"})) {
        return i;
      }
    }
    return tokens_.size();
  }

  // A part of the statement whose rows the output is made of, at any depth.
  void inspect_source(std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      if (!is_keyword(i)) continue;
      if (is_any(tokens_[i], {"left", "right", "full"}) &&
          (is(i + 1, "join") || is(i + 1, "outer"))) {
        out_.outer_join = true;
      }
      if (is_any(tokens_[i], {"union", "intersect", "except"})) out_.nested_set_operation = true;
    }
  }

  enum class Clause { list, source, returning, other };

  static bool ends_source(const Token& word) {
    return is_any(word, {"where", "group", "having", "window", "order", "limit", "offset", "fetch",
                         "for", "union", "intersect", "except", "returning"});
  }

  void clauses(std::size_t i) {
    clause_ = out_.verb == Verb::select ? Clause::list : Clause::other;
    start_ = clause_ == Clause::list ? after_distinct(i) : i;
    for (i = start_; i < tokens_.size(); ++i) {
      if (opens(tokens_[i])) {
        i = closing(tokens_, i);
      } else if (is_keyword(i)) {
        keyword(i);
      }
    }
    leave(tokens_.size());
  }

  std::size_t after_distinct(std::size_t i) const {
    if (is(i, "all")) return i + 1;
    if (!is(i, "distinct")) return i;
    if (is(i + 1, "on") && i + 2 < tokens_.size() && opens(tokens_[i + 2])) {
      return closing(tokens_, i + 2) + 1;
    }
    return i + 1;
  }

  void keyword(std::size_t i) {
    const Token& word = tokens_[i];
    if (word.is_word("from")) {
      if (tokens_[i - 1].is_word("distinct") && clause_ != Clause::source && i != start_) return;
      if (clause_ == Clause::source) return;  // ROWS FROM, IS DISTINCT FROM in ON
      enter(Clause::source, i);
      out_.from = true;
    } else if (word.is_word("returning")) {
      enter(Clause::returning, i);
    } else if (word.is_word("on") && is(i + 1, "conflict")) {
      conflict(i + 2);
      enter(Clause::other, i);
    } else if (word.is_word("values") && out_.verb == Verb::insert &&
               !tokens_[i - 1].is_word("into")) {
      values(i);
    } else if (word.is_word("group") && tokens_[i - 1].is_word("within")) {
      return;  // WITHIN GROUP (ORDER BY ...)
    } else if (ends_source(word) && clause_ != Clause::returning) {
      note(word);
      enter(Clause::other, i);
    }
  }

  void note(const Token& word) {
    if (word.is_word("where")) out_.where = true;
    if (word.is_word("group")) out_.group_by = true;
    if (word.is_word("having")) out_.having = true;
    if (is_any(word, {"limit", "offset", "fetch"})) out_.limit = true;
    if (is_any(word, {"union", "intersect", "except"})) out_.set_operation = true;
  }

  void values(std::size_t i) {
    if (tokens_[i - 1].is_word("default")) {
      out_.one_row_of_values = true;
      return;
    }
    if (i + 1 >= tokens_.size() || !opens(tokens_[i + 1])) return;
    const std::size_t after = closing(tokens_, i + 1) + 1;
    out_.one_row_of_values = after >= tokens_.size() || !tokens_[after].is_symbol(',');
    out_.values.assign(
        tokens_.begin() + static_cast<std::ptrdiff_t>(i) + 1,
        tokens_.begin() + static_cast<std::ptrdiff_t>(std::min(after, tokens_.size())));
  }

  void row_versions(std::size_t begin, std::size_t end) {
    if (begin < end && tokens_[begin].is_word("with")) out_.old_or_new = true;
    for (std::size_t i = begin; i + 1 < end; ++i) {
      if (is_any(tokens_[i], {"old", "new"}) && tokens_[i + 1].is_symbol('.')) {
        out_.old_or_new = true;
      }
    }
  }

  void conflict(std::size_t i) {
    for (; i < tokens_.size() && !is(i, "returning"); ++i) {
      if (opens(tokens_[i])) {
        i = closing(tokens_, i);
      } else if (is(i, "do") && is(i + 1, "nothing")) {
        out_.on_conflict = OnConflict::nothing;
      } else if (is(i, "do") && is(i + 1, "update")) {
        out_.on_conflict = OnConflict::update;
      } else if (is(i, "where") && out_.on_conflict == OnConflict::update) {
        out_.on_conflict = OnConflict::update_where;
      }
    }
  }

  void enter(Clause clause, std::size_t i) {
    leave(i);
    clause_ = clause;
    start_ = i + 1;
  }

  void leave(std::size_t end) {
    if (clause_ == Clause::source) inspect_source(start_, end);
    if (clause_ == Clause::returning) row_versions(start_, end);
    // A select list of INSERT ... SELECT is nobody's result, and neither is a later one of a UNION.
    if ((clause_ == Clause::list || clause_ == Clause::returning) && out_.items.empty()) {
      out_.items =
          split_at_commas({tokens_.begin() + static_cast<std::ptrdiff_t>(std::min(start_, end)),
                           tokens_.begin() + static_cast<std::ptrdiff_t>(end)});
    }
  }

  const std::vector<Token>& tokens_;
  Outline out_;
  Clause clause_ = Clause::other;
  std::size_t start_ = 0;
};

}  // namespace

Outline outline(const std::vector<Token>& tokens) {
  return Reader(tokens).run();
}

std::vector<std::vector<Token>> split_at_commas(const std::vector<Token>& tokens) {
  std::vector<std::vector<Token>> parts;
  int depth = 0;
  for (const Token& token : tokens) {
    if (opens(token)) ++depth;
    if (closes(token)) --depth;
    if (parts.empty()) parts.emplace_back();
    if (depth == 0 && token.is_symbol(',')) {
      parts.emplace_back();
    } else {
      parts.back().push_back(token);
    }
  }
  return parts;
}

std::size_t closing(const std::vector<Token>& tokens, std::size_t open) {
  int depth = 0;
  for (std::size_t i = open; i < tokens.size(); ++i) {
    if (opens(tokens[i])) ++depth;
    if (closes(tokens[i]) && --depth == 0) return i;
  }
  return tokens.size();
}

bool reads_only(const std::vector<Token>& tokens) {
  if (tokens.empty() ||
      !(tokens[0].is_symbol('(') || is_any(tokens[0], {"select", "with", "values", "table"}))) {
    return false;
  }
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (is_any(tokens[i], {"insert", "update", "delete", "merge", "nextval", "setval"}))
      return false;
    if (tokens[i].is_word("for") && i + 1 < tokens.size() &&
        is_any(tokens[i + 1], {"share", "no", "key"})) {
      return false;
    }
  }
  return true;
}

}  // namespace qm::codegen

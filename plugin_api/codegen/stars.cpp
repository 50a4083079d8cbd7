// See stars.hpp.
#include "codegen/stars.hpp"

#include <map>

#include "codegen/lexer.hpp"
#include "codegen/source.hpp"

namespace qm::codegen {
namespace {

constexpr long select_command = 1;
constexpr long join_entry = 2;          // RTE_JOIN
constexpr std::size_t line_width = 90;  // of a list of columns

class Finder {
 public:
  Finder(std::string_view sql, bool qualified, const Quote& quote)
      : sql_(sql), qualified_(qualified), quote_(quote) {
    const Source source("", sql);
    const std::vector<Token> tokens = without_comments(lex(source));
    for (std::size_t i = 0; i < tokens.size(); ++i)
      note(tokens, i);
  }

  void look_at(const Node& query) {
    if (!query["setOperations"].is_none()) return look_at_branches(query, query["setOperations"]);
    const bool is_select = query["commandType"].number() == select_command;
    for (const Node& target : query[is_select ? "targetList" : "returningList"].items()) {
      const Node& expression = target["expr"];
      if (target["resjunk"].is_true() || !expression.is("VAR")) continue;
      const auto star = lengths_.find(expression["location"].number());
      if (star == lengths_.end()) continue;
      add(star->first, star->second, qualifier(query, expression, star->second),
          target["resname"].text());
    }
  }

  std::vector<Star> take() const {
    std::vector<Star> stars;
    for (const auto& [at, star] : stars_)
      stars.push_back(star);
    return stars;
  }

 private:
  // name . name . *
  void note(const std::vector<Token>& tokens, std::size_t first) {
    std::size_t i = first;
    const auto is_name = [&](const Token& token) {
      return token.kind == TokenKind::identifier || token.kind == TokenKind::quoted_identifier;
    };
    while (i + 1 < tokens.size() && is_name(tokens[i]) && tokens[i + 1].is_symbol('.'))
      i += 2;
    if (i >= tokens.size() || tokens[i].text != "*") return;
    lengths_[static_cast<long>(tokens[first].begin)] = tokens[i].end - tokens[first].begin;
  }

  void look_at_branches(const Node& query, const Node& operation) {
    if (operation.is("RANGETBLREF")) {
      const auto& entries = query["rtable"].items();
      const auto index = static_cast<std::size_t>(operation["rtindex"].number());
      if (index >= 1 && index <= entries.size()) look_at(entries[index - 1]["subquery"]);
      return;
    }
    if (operation.is_none()) return;
    look_at_branches(query, operation["larg"]);
    look_at_branches(query, operation["rarg"]);
  }

  // "t." as it stands before the star; of a lone one that of the table, but for a column that a
  // join with USING has merged.
  std::string qualifier(const Node& query, const Node& var, std::size_t length) const {
    const auto at = static_cast<std::size_t>(var["location"].number());
    if (length > 1) return std::string(sql_.substr(at, length - 1));
    if (!qualified_) return {};
    const auto& entries = query["rtable"].items();
    const auto index = static_cast<std::size_t>(var["varno"].number());
    if (index < 1 || index > entries.size()) return {};
    const Node& entry = entries[index - 1];
    if (entry["rtekind"].number() == join_entry) return {};
    return quote_(entry["eref"]["aliasname"].text()) + ".";
  }

  void add(long at, std::size_t length, const std::string& qualifier, const std::string& name) {
    Star& star = stars_[at];
    star.at = static_cast<std::size_t>(at);
    star.length = length;
    const std::string column = qualifier + quote_(name);
    const std::size_t line = star.columns.size() - (star.columns.rfind('\n') + 1);
    if (star.columns.empty()) {
      star.columns = column;
    } else if (line + column.size() > line_width) {
      star.columns += ",\n  " + column;
    } else {
      star.columns += ", " + column;
    }
  }

  std::string_view sql_;
  const bool qualified_;
  const Quote& quote_;
  std::map<long, std::size_t> lengths_;  // of every star in the text, by where it begins
  std::map<long, Star> stars_;
};

}  // namespace

std::vector<Star> find_stars(const Node& tree, std::string_view sql, bool qualified,
                             const Quote& quote) {
  Finder finder(sql, qualified, quote);
  finder.look_at(tree);
  return finder.take();
}

std::string write_stars_out(std::string_view sql, const std::vector<Star>& stars) {
  std::string text;
  std::size_t from = 0;
  for (const Star& star : stars) {
    text.append(sql.substr(from, star.at - from)).append(star.columns);
    from = star.at + star.length;
  }
  return text.append(sql.substr(from));
}

bool fit(const std::vector<Star>& stars, std::string_view sql) {
  std::size_t from = 0;
  for (const Star& star : stars) {
    const std::size_t end = star.at + star.length;
    if (star.at < from || star.length == 0 || end > sql.size() || sql[end - 1] != '*') return false;
    from = end;
  }
  return true;
}

}  // namespace qm::codegen

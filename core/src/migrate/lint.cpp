// See quartermaster/migration_lint.hpp. Reads statements by their leading words: enough for DDL,
// whose grammar is regular where it matters here.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <quartermaster/migration_lint.hpp>
#include <set>
#include <string>
#include <vector>

#include "migrate/lint_rules.hpp"
#include "migrate/sql_scanner.hpp"
#include "migrate/statements.hpp"

namespace qm {
namespace {

using migrate::SqlToken;

using Tokens = std::span<const SqlToken>;

// Functions that give another value each time: the commonest.
constexpr std::array<std::string_view, 9> volatile_functions{
    "random",           "clock_timestamp",    "timeofday",        "gen_random_uuid", "nextval",
    "uuid_generate_v1", "uuid_generate_v1mc", "uuid_generate_v4", "txid_current"};
constexpr std::array<std::string_view, 6> serial_types{"serial",  "bigserial", "smallserial",
                                                       "serial4", "serial8",   "serial2"};

std::string folded(const SqlToken& token) {
  if (token.kind == SqlToken::Kind::quoted_name) {
    return std::string(token.text.substr(1, token.text.size() - 2));
  }
  std::string text(token.text);
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

template <std::size_t N>
bool is_one_of(const SqlToken& token, const std::array<std::string_view, N>& words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return token.is_word(word); });
}

// Reads a statement from its beginning.
class Words {
 public:
  explicit Words(Tokens tokens) : tokens_(tokens) {}

  bool at_end() const noexcept { return tokens_.empty(); }
  Tokens rest() const noexcept { return tokens_; }
  bool next_is(std::string_view word) const noexcept {
    return !tokens_.empty() && tokens_.front().is_word(word);
  }
  // All of the words, in this order, or none.
  template <class... Word>
  bool eat(Word... words) {
    const std::array<std::string_view, sizeof...(words)> all{words...};
    if (tokens_.size() < all.size()) return false;
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (!tokens_[i].is_word(all[i])) return false;
    }
    tokens_ = tokens_.subspan(all.size());
    return true;
  }
  void skip() {
    if (!tokens_.empty()) tokens_ = tokens_.subspan(1);
  }
  // "schema.table", "table"; "" when there is no name.
  std::string name() {
    std::string whole;
    while (!tokens_.empty() && (tokens_.front().kind == SqlToken::Kind::word ||
                                tokens_.front().kind == SqlToken::Kind::quoted_name)) {
      whole += folded(tokens_.front());
      skip();
      if (tokens_.empty() || !tokens_.front().is_symbol('.')) break;
      whole += '.';
      skip();
    }
    return whole;
  }
  // Whether these words stand anywhere, one after the other.
  template <class... Word>
  bool contains(Word... words) const {
    for (Words from = *this; !from.at_end(); from.skip()) {
      if (Words(from).eat(words...)) return true;
    }
    return false;
  }

 private:
  Tokens tokens_;
};

// What stands between commas outside of parentheses.
std::vector<Tokens> split_at_commas(Tokens tokens) {
  std::vector<Tokens> parts;
  int depth = 0;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (tokens[i].is_symbol('(')) ++depth;
    if (tokens[i].is_symbol(')')) --depth;
    if (depth == 0 && tokens[i].is_symbol(',')) {
      parts.push_back(tokens.subspan(begin, i - begin));
      begin = i + 1;
    }
  }
  parts.push_back(tokens.subspan(begin));
  return parts;
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") + 1 - first);
}

struct Suppression {
  const LintRule* rule;
  std::size_t line;
  bool of_file;
  bool used = false;
};

class Linter {
 public:
  explicit Linter(const LintInput& input) : input_(input) {}

  std::vector<LintFinding> run() {
    const std::vector<migrate::Statement> statements = migrate::split_statements(input_.up);
    std::size_t from = 0;
    for (const migrate::Statement& each : statements) {
      const auto begin = static_cast<std::size_t>(each.sql.data() - input_.up.data());
      read_comments(from, begin, &each == statements.data());
      from = begin + each.sql.size();
      statement_ = &each;
      look_at(each);
      drop_suppressions();
    }
    statement_ = nullptr;
    read_comments(from, input_.up.size(), statements.empty());
    if (!input_.down || migrate::split_statements(*input_.down).empty()) {
      report("no-way-back", "");
    }
    for (const Suppression& each : suppressions_) {
      if (!each.used) report_suppression(each.line, fmt::format("{} finds nothing", each.rule->id));
    }
    std::stable_sort(findings_.begin(), findings_.end(),
                     [](const LintFinding& a, const LintFinding& b) { return a.line < b.line; });
    return std::move(findings_);
  }

 private:
  std::size_t line_at(std::size_t offset) const {
    return 1 +
           static_cast<std::size_t>(std::count(
               input_.up.begin(), input_.up.begin() + static_cast<std::ptrdiff_t>(offset), '\n'));
  }

  // Those before a statement, which is the file's first or not.
  void read_comments(std::size_t begin, std::size_t end, bool is_first) {
    migrate::SqlScanner scanner(input_.up.substr(begin, end - begin));
    while (const auto token = scanner.next()) {
      if (token->kind == SqlToken::Kind::comment) {
        read_comment(token->text, line_at(begin + token->offset), is_first);
      }
    }
  }

  void read_comment(std::string_view comment, std::size_t line, bool of_file) {
    constexpr std::string_view mark = "quartermaster: allow";
    const std::size_t at = comment.find(mark);
    if (at == std::string_view::npos) return;
    const std::string_view rest = comment.substr(at + mark.size());
    const std::size_t colon = std::min(rest.find(':'), rest.size());
    const bool has_reason = !trimmed(rest.substr(std::min(colon + 1, rest.size()))).empty();
    for (std::string_view ids = rest.substr(0, colon); !ids.empty();) {
      const std::size_t comma = std::min(ids.find(','), ids.size());
      const std::string_view id = trimmed(ids.substr(0, comma));
      ids.remove_prefix(std::min(comma + 1, ids.size()));
      const LintRule* rule = migrate::find_rule(id);
      if (rule == nullptr) {
        report_suppression(line, fmt::format("there is no rule '{}'", id));
      } else if (!has_reason) {
        report_suppression(line, fmt::format("{} without a reason", id));
      } else {
        suppressions_.push_back({rule, line, of_file});
      }
    }
  }

  // A suppression is for the statement behind it; before the first, for all.
  void drop_suppressions() {
    std::erase_if(suppressions_, [&](const Suppression& each) {
      if (each.of_file) return false;
      if (!each.used) report_suppression(each.line, fmt::format("{} finds nothing", each.rule->id));
      return true;
    });
  }

  void report_suppression(std::size_t line, std::string detail) {
    findings_.push_back({std::string(input_.file), line, migrate::find_rule("bad-suppression"), "",
                         std::move(detail)});
  }

  void report(std::string_view id, std::string detail) {
    const LintRule* rule = migrate::find_rule(id);
    const auto suppression =
        std::find_if(suppressions_.begin(), suppressions_.end(),
                     [&](const Suppression& each) { return each.rule == rule; });
    if (suppression != suppressions_.end()) {
      suppression->used = true;
      return;
    }
    const std::string_view sql = statement_ == nullptr ? "" : statement_->sql;
    findings_.push_back({std::string(input_.file), statement_ == nullptr ? 1 : statement_->line,
                         rule, std::string(sql.substr(0, sql.find('\n'))), std::move(detail)});
  }

  bool is_own(const std::string& table) const { return created_.contains(table); }

  void look_at(const migrate::Statement& statement) {
    tokens_.clear();
    migrate::SqlScanner scanner(statement.sql);
    while (const auto token = scanner.next()) {
      if (token->kind != SqlToken::Kind::comment) tokens_.push_back(*token);
    }
    Words words(tokens_);
    if (input_.transactional && words.contains("concurrently")) {
      report("concurrently-in-transaction", "");
    }
    if (words.eat("create")) {
      create(words);
    } else if (words.eat("drop")) {
      drop(words);
    } else if (words.eat("alter", "table")) {
      alter_table(words);
    } else if (words.eat("alter")) {
      alter_other(words);
    } else if (words.eat("update") || words.eat("delete", "from")) {
      change_rows(words);
    } else if (words.eat("set") || words.eat("reset")) {
      setting(words);
    } else {
      lock(words);
    }
  }

  void create(Words words) {
    words.eat("or", "replace");
    for (const char* kind : {"temp", "temporary", "unlogged", "global", "local"})
      words.eat(kind);
    if (words.eat("table") || words.eat("materialized", "view")) {
      words.eat("if", "not", "exists");
      created_.insert(words.name());
      return;
    }
    words.eat("unique");
    if (!words.eat("index")) return;
    const bool concurrently = words.eat("concurrently");
    words.eat("if", "not", "exists");
    if (!words.next_is("on")) words.name();
    if (!words.eat("on")) return;
    words.eat("only");
    const std::string table = words.name();
    if (!concurrently && !is_own(table)) report("index-blocks-writes", table);
  }

  void drop(Words words) {
    if (words.contains("cascade")) report("cascade", "");
    if (words.eat("index")) {
      if (!words.eat("concurrently")) report("drop-index-blocks", "");
    } else if (words.eat("table") || words.eat("schema")) {
      words.eat("if", "exists");
      const std::string what = words.name();
      if (!is_own(what)) report("removes-data", what);
    }
  }

  void alter_other(Words words) {
    const bool is_view = words.eat("view") || words.eat("materialized", "view");
    const bool renames = words.contains("rename") || words.contains("set", "schema");
    if ((is_view || words.next_is("type") || words.next_is("schema") ||
         words.next_is("sequence")) &&
        renames) {
      report("renames", "");
    }
  }

  void alter_table(Words words) {
    words.eat("if", "exists");
    words.eat("only");
    const std::string table = words.name();
    if (is_own(table)) return;
    altered_.insert(table);
    for (const Tokens& action : split_at_commas(words.rest()))
      alter(table, Words(action));
  }

  void alter(const std::string& table, Words action) {
    if (action.contains("cascade") && action.next_is("drop")) report("cascade", table);
    if (action.next_is("rename") || action.contains("set", "schema"))
      return report("renames", table);
    if (action.eat("set", "tablespace") || action.eat("set", "logged") ||
        action.eat("set", "unlogged") || action.eat("set", "access", "method")) {
      return report("exclusive-lock", table);
    }
    if (action.eat("add")) return add(table, action);
    if (action.eat("attach", "partition")) return report("constraint-scans", table);
    if (action.eat("drop")) {
      if (action.eat("constraint")) return;
      action.eat("column");
      action.eat("if", "exists");
      return report("removes-data", table + "." + action.name());
    }
    if (!action.eat("alter")) return;
    if (action.next_is("constraint")) return;
    action.eat("column");
    const std::string column = table + "." + action.name();
    if (action.eat("set", "not", "null")) report("not-null-scans", column);
    if (action.eat("type") || action.eat("set", "data", "type")) {
      report("type-rewrites-table", column);
    }
  }

  void add(const std::string& table, Words action) {
    if (action.eat("constraint")) {
      action.name();
      return add_constraint(table, action);
    }
    for (const char* kind : {"check", "foreign", "unique", "primary", "exclude"}) {
      if (action.next_is(kind)) return add_constraint(table, action);
    }
    action.eat("column");
    action.eat("if", "not", "exists");
    add_column(table + "." + action.name(), action);
  }

  void add_constraint(const std::string& table, Words action) {
    if (action.next_is("check") || action.next_is("foreign")) {
      if (!action.contains("not", "valid")) report("constraint-scans", table);
    } else if (!action.contains("using", "index")) {
      report("constraint-builds-index", table);
    }
  }

  void add_column(const std::string& column, Words action) {
    const bool is_serial = !action.at_end() && is_one_of(action.rest().front(), serial_types);
    const bool is_generated = action.contains("generated");
    const bool has_default = action.contains("default");
    const bool is_volatile =
        has_default &&
        std::any_of(action.rest().begin(), action.rest().end(),
                    [](const SqlToken& token) { return is_one_of(token, volatile_functions); });
    if (is_serial || is_generated || is_volatile) {
      report("column-rewrites-table", column);
    } else if (action.contains("not", "null") && !has_default) {
      report("not-null-without-default", column);
    }
    if (action.contains("unique") || action.contains("primary", "key")) {
      report("constraint-builds-index", column);
    }
    if (action.contains("check") || (has_default && action.contains("references"))) {
      report("constraint-scans", column);
    }
  }

  void change_rows(Words words) {
    words.eat("only");
    const std::string table = words.name();
    if (is_own(table)) return;
    if (input_.transactional && altered_.contains(table)) {
      report("backfill-under-lock", table);
    } else if (!words.contains("where")) {
      report("changes-all-rows", table);
    }
  }

  void setting(Words words) {
    words.eat("local");
    words.eat("session");
    if (!words.eat("lock_timeout")) return;
    const auto is_off = [](const SqlToken& token) {
      return token.text == "0" || token.text == "'0'" || token.is_word("default");
    };
    if (words.at_end() || std::any_of(words.rest().begin(), words.rest().end(), is_off)) {
      report("lock-timeout-off", "");
    }
  }

  void lock(Words words) {
    const bool concurrently = words.contains("concurrently");
    const bool locks =
        words.next_is("truncate") || words.next_is("cluster") || (words.next_is("lock")) ||
        (words.next_is("vacuum") && words.contains("full")) ||
        (words.next_is("reindex") && !concurrently) || (words.next_is("refresh") && !concurrently);
    if (!locks) return;
    words.skip();
    words.eat("materialized", "view");
    words.eat("table");
    words.eat("index");
    const std::string table = words.name();
    if (!is_own(table)) report("exclusive-lock", table);
  }

  const LintInput& input_;
  const migrate::Statement* statement_ = nullptr;
  std::vector<SqlToken> tokens_;
  std::vector<Suppression> suppressions_;
  std::set<std::string> created_;
  std::set<std::string> altered_;
  std::vector<LintFinding> findings_;
};

}  // namespace

std::vector<LintFinding> lint(const LintInput& migration) {
  return Linter(migration).run();
}

}  // namespace qm

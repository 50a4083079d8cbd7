// See statements.hpp.
#include "migrate/statements.hpp"

#include <algorithm>
#include <cctype>

#include "migrate/sql_scanner.hpp"

namespace qm::migrate {
namespace {

// CREATE FUNCTION ... BEGIN ATOMIC s1; s2; END: the semicolons inside belong to the body. CASE has
// an END of its own.
class AtomicBody {
 public:
  void see(const SqlToken& token) noexcept {
    if (token.kind != SqlToken::Kind::word) return;
    if (token.is_word("atomic") && previous_was_begin_) {
      ++depth_;
    } else if (depth_ > 0 && token.is_word("case")) {
      ++depth_;
    } else if (depth_ > 0 && token.is_word("end")) {
      --depth_;
    }
    previous_was_begin_ = token.is_word("begin");
  }
  bool is_inside() const noexcept { return depth_ > 0; }

 private:
  int depth_ = 0;
  bool previous_was_begin_ = false;
};

class Splitter {
 public:
  explicit Splitter(std::string_view script) : text_(script) {}

  std::vector<Statement> run() {
    SqlScanner scanner(text_);
    AtomicBody body;
    while (const auto token = scanner.next()) {
      if (token->kind == SqlToken::Kind::comment) continue;
      if (token->is_symbol(';') && !body.is_inside()) {
        finish(token->offset);
        start_ = npos;
        continue;
      }
      if (start_ == npos) start_ = token->offset;
      body.see(*token);
    }
    finish(text_.size());
    return std::move(statements_);
  }

 private:
  void finish(std::size_t end) {
    if (start_ == npos) return;
    while (end > start_ && std::isspace(static_cast<unsigned char>(text_[end - 1])) != 0)
      --end;
    line_ += static_cast<std::size_t>(
        std::count(text_.begin() + static_cast<std::ptrdiff_t>(counted_),
                   text_.begin() + static_cast<std::ptrdiff_t>(start_), '\n'));
    counted_ = start_;
    statements_.push_back({text_.substr(start_, end - start_), line_});
  }

  static constexpr std::size_t npos = std::string_view::npos;
  std::string_view text_;
  std::size_t start_ = npos;
  std::size_t counted_ = 0;
  std::size_t line_ = 1;
  std::vector<Statement> statements_;
};

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") + 1 - first);
}

// What line comments before the first statement say after "quartermaster:".
std::vector<std::string_view> directives(std::string_view script) {
  constexpr std::string_view mark = "quartermaster:";
  std::vector<std::string_view> found;
  SqlScanner scanner(script);
  for (auto token = scanner.next(); token && token->kind == SqlToken::Kind::comment;
       token = scanner.next()) {
    const std::string_view text = trimmed(token->text.substr(2));
    if (!token->text.starts_with("--") || !text.starts_with(mark)) continue;
    found.push_back(trimmed(text.substr(mark.size())));
  }
  return found;
}

}  // namespace

std::vector<Statement> split_statements(std::string_view script) {
  return Splitter(script).run();
}

bool says_no_transaction(std::string_view script) {
  const auto words = directives(script);
  return std::find(words.begin(), words.end(), "no-transaction") != words.end();
}

std::optional<std::string_view> formerly(std::string_view script) {
  constexpr std::string_view word = "formerly";
  for (const std::string_view directive : directives(script)) {
    if (directive.starts_with(word)) return trimmed(directive.substr(word.size()));
  }
  return {};
}

}  // namespace qm::migrate

// See query_file.hpp.
#include "codegen/query_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "codegen/annotations.hpp"
#include "codegen/diagnostic.hpp"

namespace qm::codegen {
namespace {

constexpr std::array<std::pair<std::string_view, Kind>, 11> kinds{
    {{":one", Kind::one},
     {":opt", Kind::opt},
     {":many", Kind::many},
     {":exec", Kind::exec},
     {":execrows", Kind::execrows},
     {":execresult", Kind::execresult},
     {":copyfrom", Kind::copyfrom},
     {":batchexec", Kind::batchexec},
     {":batchone", Kind::batchone},
     {":batchopt", Kind::batchopt},
     {":batchmany", Kind::batchmany}}};

bool is_query_name(std::string_view name) {
  return !name.empty() && name.size() <= 63 && (name.front() < '0' || name.front() > '9') &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return static_cast<unsigned char>(c) < 0x80 && c != '$' && is_identifier_part(c);
         });
}

class FileParser {
 public:
  explicit FileParser(std::shared_ptr<const Source> source) : source_(std::move(source)) {}

  std::vector<SourceQuery> run() {
    for (const Token& token : lex(*source_)) {
      if (token.is_comment() && is_name_line(token)) {
        finish();
        diagnostics_.guard([&] { begin(token); });
      } else if (token.is_symbol(';')) {
        // A semicolon of its own ends nothing and harms nothing.
        if (current_ && !current_->tokens.empty()) finish();
      } else if (token.is_comment()) {
        comment(token);
      } else {
        statement(token);
      }
    }
    finish();
    diagnostics_.raise();
    return std::move(queries_);
  }

 private:
  void begin(const Token& token) {
    current_.reset();
    skip_statement_ = true;  // until the name line proves good
    const std::vector<Mention> words = words_of(comment_text(token));
    // words[0] is "name:"
    const std::string name = words.size() > 1 ? words[1].name : std::string();
    const std::size_t name_offset = words.size() > 1 ? words[1].offset : token.begin;
    if (!is_query_name(name)) {
      throw CodegenError(at(*source_, name_offset,
                            {.object = "a query's name",
                             .expected = "a letter or _, then letters, digits and _, at most 63",
                             .found = name.empty() ? "nothing" : name}));
    }
    const auto kind = words.size() > 2 ? parse_kind(words[2].name) : std::nullopt;
    if (!kind) {
      std::string known;
      for (const auto& entry : kinds)
        known += fmt::format("{}{}", known.empty() ? "" : " ", entry.first);
      throw CodegenError(at(*source_, words.size() > 2 ? words[2].offset : token.end,
                            {.object = "query " + name,
                             .expected = "one of " + known,
                             .found = words.size() > 2 ? words[2].name : "nothing"}));
    }
    if (words.size() > 3) {
      throw CodegenError(at(*source_, words[3].offset,
                            {.object = "query " + name,
                             .expected = "the end of the line after the kind",
                             .found = words[3].name}));
    }
    current_.emplace();
    current_->source = source_;
    current_->name = name;
    current_->name_offset = name_offset;
    current_->kind = *kind;
    skip_statement_ = false;
    seen_name_ = true;
  }

  void comment(const Token& token) {
    if (!current_) return;
    const bool inside = !current_->tokens.empty();
    if (inside) current_->tokens.push_back(token);
    if (token.kind != TokenKind::line_comment) return;
    const CommentText text = comment_text(token);
    if (!text.text.empty() && text.text.front() == '@') {
      diagnostics_.guard([&] { annotation(text, inside); });
    } else if (!inside) {
      if (!current_->documentation.empty()) current_->documentation += '\n';
      current_->documentation += text.text;
    }
  }

  void annotation(const CommentText& text, bool inside) {
    // Of other tools that read the same files.
    if (text.text.starts_with("@sqlc-")) return;
    if (!inside) return read_annotation(*source_, current_->name, text, current_->annotations);
    if (is_annotation(text)) {
      throw CodegenError(at(*source_, text.offset,
                            {.object = "query " + current_->name,
                             .expected = "annotations above the statement",
                             .found = std::string(text.text) + " inside it"}));
    }
  }

  void statement(const Token& token) {
    if (skip_statement_) return;
    if (current_) {
      current_->tokens.push_back(token);
      return;
    }
    skip_statement_ = true;  // one message for it
    const std::string word(token.text.substr(0, 40));
    if (seen_name_) {
      diagnostics_.add(at(*source_, token.begin,
                          {.object = "query " + last_name_,
                           .expected = "one statement",
                           .found = "a second one: " + word,
                           .hint = "give it a \"-- name: NAME :KIND\" line of its own"}));
    } else {
      diagnostics_.add(at(*source_, token.begin,
                          {.object = "a statement without a name",
                           .expected = "a line \"-- name: NAME :KIND\" above it",
                           .found = word}));
    }
  }

  // The statement of the current query has ended.
  void finish() {
    skip_statement_ = false;
    if (!current_) return;
    SourceQuery query = std::move(*current_);
    current_.reset();
    last_name_ = query.name;
    while (!query.tokens.empty() && query.tokens.back().is_comment())
      query.tokens.pop_back();
    if (query.tokens.empty()) {
      diagnostics_.add(at(*source_, query.name_offset,
                          {.object = "query " + query.name,
                           .expected = "a statement below its name",
                           .found = "none"}));
      return;
    }
    while (!query.documentation.empty() && query.documentation.back() == '\n') {
      query.documentation.pop_back();
    }
    queries_.push_back(std::move(query));
  }

  std::shared_ptr<const Source> source_;
  Diagnostics diagnostics_;
  std::vector<SourceQuery> queries_;
  std::optional<SourceQuery> current_;
  std::string last_name_;
  bool seen_name_ = false;
  bool skip_statement_ = false;
};

}  // namespace

std::string_view to_string(Kind kind) noexcept {
  for (const auto& [text, value] : kinds) {
    if (value == kind) return text;
  }
  return "?";
}

bool returns_rows(Kind kind) noexcept {
  switch (kind) {
    case Kind::one:
    case Kind::opt:
    case Kind::many:
    case Kind::batchone:
    case Kind::batchopt:
    case Kind::batchmany:
      return true;
    default:
      return false;
  }
}

bool is_batch(Kind kind) noexcept {
  switch (kind) {
    case Kind::batchexec:
    case Kind::batchone:
    case Kind::batchopt:
    case Kind::batchmany:
      return true;
    default:
      return false;
  }
}

Kind without_guarantee(Kind kind) noexcept {
  if (kind == Kind::one) return Kind::opt;
  return kind == Kind::batchone ? Kind::batchopt : kind;
}

std::optional<Kind> parse_kind(std::string_view text) noexcept {
  for (const auto& [known, kind] : kinds) {
    if (known == text) return kind;
  }
  return std::nullopt;
}

std::vector<SourceQuery> parse_query_file(std::shared_ptr<const Source> source) {
  return FileParser(std::move(source)).run();
}

void check_unique_names(const std::vector<SourceQuery>& queries) {
  Diagnostics diagnostics;
  std::map<std::string_view, const SourceQuery*> first;
  for (const SourceQuery& query : queries) {
    const auto [known, added] = first.emplace(query.name, &query);
    if (added) continue;
    const SourceQuery& other = *known->second;
    diagnostics.add(at(*query.source, query.name_offset,
                       {.object = "query " + query.name,
                        .expected = "a name of its own",
                        .found = fmt::format("the same name at {}:{}", other.source->name(),
                                             other.source->position(other.name_offset).line)}));
  }
  diagnostics.raise();
}

}  // namespace qm::codegen

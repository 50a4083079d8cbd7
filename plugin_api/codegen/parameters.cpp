// See parameters.hpp.
#include "codegen/parameters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "codegen/diagnostic.hpp"
#include "codegen/naming.hpp"

namespace qm::codegen {
namespace {

constexpr std::size_t max_parameters = 65'535;  // a Bind message counts them in 16 bits

// One mention of a parameter in the statement.
struct Use {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string name;        // empty: positional
  std::size_t number = 0;  // positional only, until named ones are numbered
  bool nullable = false;
  const char* before = "";  // what is written around the $n that takes the mention's place
  const char* after = "";
  bool is_embed = false;  // no parameter at all: a row of the table `name`
};

class UseFinder {
 public:
  explicit UseFinder(const SourceQuery& query)
      : query_(query), tokens_(without_comments(query.tokens)) {}

  std::vector<Use> run() {
    for (std::size_t i = 0; i < tokens_.size();)
      i = step(i);
    diagnostics_.raise();
    return std::move(uses_);
  }

 private:
  std::size_t step(std::size_t i) {
    const Token& token = tokens_[i];
    if (token.kind == TokenKind::named) {
      uses_.push_back({token.begin, token.end, std::string(token.text.substr(1)), 0, false});
    } else if (token.kind == TokenKind::positional) {
      positional(token);
    } else if (token.is_word("sqlc") && i + 1 < tokens_.size() && tokens_[i + 1].is_symbol('.')) {
      return macro(i);
    }
    return i + 1;
  }

  void positional(const Token& token) {
    std::size_t number = 0;
    const std::string_view digits = token.text.substr(1);
    const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (result.ec != std::errc() || number == 0 || number > max_parameters) {
      diagnostics_.add(at(*query_.source, token.begin,
                          {.object = "query " + query_.name,
                           .expected = fmt::format("$1 to ${}", max_parameters),
                           .found = std::string(token.text)}));
      return;
    }
    uses_.push_back({token.begin, token.end, "", number, false});
  }

  // sqlc . arg ( name )
  std::size_t macro(std::size_t i) {
    const Token& head = tokens_[i];
    const bool is_embed = i + 2 < tokens_.size() && tokens_[i + 2].is_word("embed");
    const bool is_slice = i + 2 < tokens_.size() && tokens_[i + 2].is_word("slice");
    const bool known = is_slice || is_embed ||
                       (i + 2 < tokens_.size() &&
                        (tokens_[i + 2].is_word("arg") || tokens_[i + 2].is_word("narg")));
    if (!known) {
      const std::string_view found = i + 2 < tokens_.size() ? tokens_[i + 2].text : "nothing";
      diagnostics_.add(
          at(*query_.source, head.begin,
             {.object = "query " + query_.name,
              .expected = "sqlc.arg(name), sqlc.narg(name), sqlc.slice(name) or sqlc.embed(table)",
              .found = fmt::format("sqlc.{}", found)}));
      return i + 2;
    }
    const bool complete = i + 5 < tokens_.size() && tokens_[i + 3].is_symbol('(') &&
                          is_name(tokens_[i + 4]) && tokens_[i + 5].is_symbol(')');
    if (!complete) {
      diagnostics_.add(at(*query_.source, head.begin,
                          {.object = "query " + query_.name,
                           .expected = fmt::format("sqlc.{}(name)", tokens_[i + 2].text),
                           .found = "no single name between parentheses"}));
      return i + 3;
    }
    // A macro's name keeps its case, unlike other words: it becomes a name in C++.
    const Token& name = tokens_[i + 4];
    Use use{head.begin, tokens_[i + 5].end,
            name.kind == TokenKind::identifier ? std::string(name.text) : identifier_name(name), 0,
            tokens_[i + 2].is_word("narg")};
    use.is_embed = is_embed;
    if (is_embed) use.name = identifier_name(name);
    if (!is_slice) {
      uses_.push_back(std::move(use));
      return i + 6;
    }
    return slice(i, std::move(use));
  }

  // x [NOT] IN (sqlc.slice(name)): one array instead of a list of unknown length. PostgreSQL makes
  // the same of a list that it knows, so that indexes serve both.
  std::size_t slice(std::size_t i, Use use) {
    const bool stands_alone = i >= 2 && tokens_[i - 1].is_symbol('(') &&
                              tokens_[i - 2].is_word("in") && i + 6 < tokens_.size() &&
                              tokens_[i + 6].is_symbol(')');
    if (!stands_alone) {
      diagnostics_.add(at(*query_.source, use.begin,
                          {.object = "query " + query_.name,
                           .expected = fmt::format("in (sqlc.slice({}))", use.name),
                           .found = "sqlc.slice elsewhere",
                           .hint = "an array of your own is = any (@name)"}));
      return i + 6;
    }
    const bool negated = i >= 3 && tokens_[i - 3].is_word("not");
    use.begin = tokens_[negated ? i - 3 : i - 2].begin;
    use.end = tokens_[i + 6].end;
    use.before = negated ? "<> all (" : "= any (";
    use.after = ")";
    uses_.push_back(std::move(use));
    return i + 7;
  }

  static bool is_name(const Token& token) {
    return token.kind == TokenKind::identifier || token.kind == TokenKind::quoted_identifier ||
           (token.kind == TokenKind::string && token.text.size() > 2 && token.text[0] == '\'');
  }

  const SourceQuery& query_;
  std::vector<Token> tokens_;
  std::vector<Use> uses_;
  Diagnostics diagnostics_;
};

// Gives each name its number: 1-based.
class Numbering {
 public:
  Numbering(const SourceQuery& query, std::vector<Use>& uses) : query_(query), uses_(uses) {}

  std::vector<Parameter> run() {
    for (const Use& use : uses_) {
      if (use.name.empty()) taken_.insert(use.number);
    }
    listed();
    for (Use& use : uses_) {
      if (use.is_embed) continue;
      if (!use.name.empty()) use.number = numbers_.try_emplace(use.name, 0).first->second;
      if (!use.name.empty() && use.number == 0) use.number = numbers_[use.name] = lowest_free();
    }
    std::vector<Parameter> parameters(taken_.size());
    for (const Use& use : uses_) {
      if (!use.is_embed) describe(use, parameters);
    }
    diagnostics_.raise();
    unlike_bare_ones(parameters);
    diagnostics_.raise();
    return parameters;
  }

 private:
  // @params: exactly the named parameters, each once.
  void listed() {
    if (query_.annotations.params.empty()) return;
    std::set<std::string> used;
    for (const Use& use : uses_) {
      if (!use.name.empty() && !use.is_embed) used.insert(use.name);
    }
    for (const Mention& mention : query_.annotations.params) {
      if (used.erase(mention.name) == 0) {
        diagnostics_.add(at(*query_.source, mention.offset,
                            {.object = "query " + query_.name,
                             .expected = "a parameter of the statement in @params",
                             .found = mention.name}));
      }
      numbers_[mention.name] = lowest_free();
    }
    if (!used.empty()) {
      diagnostics_.add(at(*query_.source, query_.annotations.params.front().offset,
                          {.object = "query " + query_.name,
                           .expected = "every parameter in @params",
                           .found = fmt::format("none of {}", fmt::join(used, ", "))}));
    }
    diagnostics_.raise();
  }

  std::size_t lowest_free() {
    std::size_t number = 1;
    while (!taken_.insert(number).second)
      ++number;
    return number;
  }

  void describe(const Use& use, std::vector<Parameter>& parameters) {
    if (use.number > parameters.size()) {
      std::size_t missing = 1;
      while (taken_.count(missing) != 0)
        ++missing;
      if (!gap_reported_) {
        diagnostics_.add(at(*query_.source, use.begin,
                            {.object = "query " + query_.name,
                             .expected = fmt::format("${} to be used as well", missing),
                             .found = fmt::format("${} without it", use.number)}));
      }
      gap_reported_ = true;
      return;
    }
    Parameter& parameter = parameters[use.number - 1];
    if (parameter.name.empty()) {
      parameter.name = use.name.empty() ? fmt::format("arg{}", use.number) : use.name;
      parameter.offset = use.begin;
      parameter.positional = use.name.empty();
    }
    parameter.nullable = parameter.nullable || use.nullable;
  }

  // A bare $1 is called arg1: an annotation for arg1 must not leave it open which one it means.
  void unlike_bare_ones(const std::vector<Parameter>& parameters) {
    for (const auto& [name, number] : numbers_) {
      for (std::size_t i = 0; i < parameters.size(); ++i) {
        if (i + 1 == number || parameters[i].name != name) continue;
        diagnostics_.add(at(*query_.source, parameters[number - 1].offset,
                            {.object = "query " + query_.name,
                             .expected = fmt::format("a name other than that of ${}", i + 1),
                             .found = name}));
      }
    }
  }

  const SourceQuery& query_;
  std::vector<Use>& uses_;
  std::set<std::size_t> taken_;
  std::map<std::string, std::size_t> numbers_;
  Diagnostics diagnostics_;
  bool gap_reported_ = false;
};

void mark(const SourceQuery& query, std::vector<Parameter>& parameters) {
  Diagnostics diagnostics;
  const auto find = [&](const Mention& mention, const char* annotation) -> Parameter* {
    for (Parameter& parameter : parameters) {
      if (parameter.name == mention.name) return &parameter;
    }
    std::string names;
    for (const Parameter& parameter : parameters) {
      names += (names.empty() ? "" : ", ") + parameter.name;
    }
    diagnostics.add(at(*query.source, mention.offset,
                       {.object = "query " + query.name,
                        .expected = fmt::format("{} to name a parameter ({})", annotation,
                                                names.empty() ? "there is none" : names),
                        .found = mention.name}));
    return nullptr;
  };
  for (const Mention& mention : query.annotations.sensitive) {
    if (Parameter* parameter = find(mention, "@sensitive")) parameter->sensitive = true;
  }
  for (const Mention& mention : query.annotations.loggable) {
    Parameter* parameter = find(mention, "@loggable");
    if (!parameter) continue;
    parameter->loggable = true;
    if (parameter->sensitive) {
      diagnostics.add(at(*query.source, mention.offset,
                         {.object = fmt::format("query {}: parameter {}", query.name, mention.name),
                          .expected = "@sensitive or @loggable",
                          .found = "both"}));
    }
  }
  diagnostics.raise();
}

}  // namespace

class StatementWriter {
 public:
  static Statement write(const SourceQuery& query, const std::vector<Use>& uses,
                         std::vector<Parameter> parameters) {
    Statement statement;
    statement.parameters_ = std::move(parameters);
    const std::string& text = query.source->text();
    std::size_t from = query.tokens.front().begin;
    const auto copy = [&](std::size_t until) {
      if (until == from) return;
      statement.segments_.push_back({statement.sql_.size(), from, true});
      statement.sql_.append(text, from, until - from);
    };
    for (const Use& use : uses) {
      copy(use.begin);
      statement.segments_.push_back({statement.sql_.size(), use.begin, false});
      if (use.is_embed) {
        statement.embeds_.push_back({use.name, statement.sql_.size(), use.begin});
        statement.sql_ += quote_identifier(use.name) + ".*";
      } else {
        statement.sql_ += fmt::format("{}${}{}", use.before, use.number, use.after);
      }
      from = use.end;
      // sqlc.arg(a)limit or sqlc.arg(a)5: keep the number apart from what follows it.
      if (from < text.size() && is_identifier_part(text[from])) statement.sql_ += ' ';
    }
    copy(query.tokens.back().end);
    return statement;
  }
};

Statement Statement::with_stars(const std::vector<Star>& stars) const {
  Statement written;
  written.parameters_ = parameters_;
  written.sql_ = write_stars_out(sql_, stars);
  std::size_t from = 0;
  std::size_t grown = 0;  // by how much what follows has moved
  auto segment = segments_.begin();
  const auto copy_segments = [&](std::size_t until) {
    for (; segment != segments_.end() && segment->sql < until; ++segment) {
      if (segment->sql >= from)
        written.segments_.push_back({segment->sql + grown, segment->source, segment->verbatim});
    }
  };
  for (const Star& star : stars) {
    copy_segments(star.at);
    written.segments_.push_back({star.at + grown, source_offset(star.at), false});
    from = star.at + star.length;
    grown += star.columns.size() - star.length;
    written.segments_.push_back({from + grown, source_offset(from), true});
  }
  copy_segments(sql_.size());
  return written;
}

std::size_t Statement::source_offset(std::size_t sql_offset) const {
  const auto after =
      std::upper_bound(segments_.begin(), segments_.end(), sql_offset,
                       [](std::size_t offset, const Segment& s) { return offset < s.sql; });
  if (after == segments_.begin()) return segments_.empty() ? 0 : segments_.front().source;
  const Segment& segment = *std::prev(after);
  return segment.source + (segment.verbatim ? sql_offset - segment.sql : 0);
}

Statement rewrite_parameters(const SourceQuery& query) {
  std::vector<Use> uses = UseFinder(query).run();
  std::vector<Parameter> parameters = Numbering(query, uses).run();
  mark(query, parameters);
  return StatementWriter::write(query, uses, std::move(parameters));
}

}  // namespace qm::codegen

// See annotations.hpp.
#include "codegen/annotations.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "codegen/diagnostic.hpp"

namespace qm::codegen {
namespace {

constexpr std::string_view blanks = " \t\f\v";
constexpr std::array<std::string_view, 9> known{"@params", "@sensitive", "@loggable",
                                                "@since",  "@requires",  "@replica",
                                                "@long",   "@notnull",   "@nullable"};
constexpr std::array<std::string_view, 2> alone{"@replica", "@long"};

std::string_view keyword(const CommentText& comment) {
  return comment.text.substr(0, comment.text.find_first_of(blanks));
}

std::vector<Mention> split(const CommentText& comment, std::string_view separators) {
  std::vector<Mention> parts;
  std::size_t at = 0;
  for (;;) {
    at = comment.text.find_first_not_of(separators, at);
    if (at == std::string_view::npos) return parts;
    const std::size_t end =
        std::min(comment.text.find_first_of(separators, at), comment.text.size());
    parts.push_back({std::string(comment.text.substr(at, end - at)), comment.offset + at});
    at = end;
  }
}

CommentText arguments(const CommentText& comment) {
  const std::size_t start = keyword(comment).size();
  return {comment.text.substr(start), comment.offset + start};
}

// 0 for anything but a version.
std::uint32_t version_of(const std::string& text) {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() ? value : 0;
}

std::uint32_t version(const Source& source, const std::string& object, const CommentText& comment) {
  const std::vector<Mention> words = words_of(arguments(comment));
  if (words.size() == 1 && version_of(words[0].name) > 0) return version_of(words[0].name);
  throw CodegenError(at(source, words.empty() ? comment.offset : words[0].offset,
                        {.object = object,
                         .expected = "a schema version such as \"@since 103\"",
                         .found = std::string(comment.text)}));
}

void add_names(const Source& source, const std::string& object, const CommentText& comment,
               std::vector<Mention>& names) {
  const std::vector<Mention> found = split(arguments(comment), " \t\f\v,");
  if (found.empty()) {
    throw CodegenError(at(source, comment.offset,
                          {.object = object,
                           .expected = "names separated by commas",
                           .found = "nothing after " + std::string(keyword(comment))}));
  }
  for (const Mention& mention : found) {
    const auto same = [&](const Mention& other) { return other.name == mention.name; };
    if (std::any_of(names.begin(), names.end(), same)) {
      throw CodegenError(at(source, mention.offset,
                            {.object = object,
                             .expected = "each name once in " + std::string(keyword(comment)),
                             .found = mention.name + " again"}));
    }
    names.push_back(mention);
  }
}

void refuse_contradiction(const Source& source, const std::string& object,
                          const Annotations& annotations) {
  for (const Mention& column : annotations.nullable) {
    for (const Mention& other : annotations.not_null) {
      if (column.name != other.name) continue;
      throw CodegenError(at(source, std::max(column.offset, other.offset),
                            {.object = fmt::format("{}: column {}", object, column.name),
                             .expected = "@notnull or @nullable",
                             .found = "both"}));
    }
  }
}

}  // namespace

CommentText comment_text(const Token& comment) {
  std::string_view text = comment.text.substr(2);
  if (comment.kind == TokenKind::block_comment) text.remove_suffix(2);
  std::size_t offset = comment.begin + 2;
  const std::size_t first = std::min(text.find_first_not_of(blanks), text.size());
  text.remove_prefix(first);
  offset += first;
  text = text.substr(0, text.find_last_not_of(blanks) + 1);
  return {text, offset};
}

std::vector<Mention> words_of(const CommentText& comment) {
  return split(comment, blanks);
}

bool is_name_line(const Token& comment) {
  return comment_text(comment).text.substr(0, 5) == "name:";
}

bool is_annotation(const CommentText& comment) {
  return std::find(known.begin(), known.end(), keyword(comment)) != known.end();
}

void read_annotation(const Source& source, const std::string& query, const CommentText& comment,
                     Annotations& annotations) {
  const std::string object = "query " + query;
  const std::string_view word = keyword(comment);
  const std::array<std::pair<std::string_view, std::vector<Mention>*>, 5> lists{
      {{"@params", &annotations.params},
       {"@sensitive", &annotations.sensitive},
       {"@loggable", &annotations.loggable},
       {"@notnull", &annotations.not_null},
       {"@nullable", &annotations.nullable}}};
  for (const auto& [name, list] : lists) {
    if (word != name) continue;
    add_names(source, object, comment, *list);
    return refuse_contradiction(source, object, annotations);
  }
  if (word == "@since") {
    if (annotations.since) {
      throw CodegenError(
          at(source, comment.offset,
             {.object = object, .expected = "@since once", .found = std::string(comment.text)}));
    }
    annotations.since = version(source, object, comment);
    annotations.since_offset = comment.offset;
  } else if (word == "@requires") {
    const std::vector<Mention> words = words_of(arguments(comment));
    const std::uint32_t since = words.size() == 2 ? version_of(words[1].name) : 0;
    if (words.empty() || words.size() > 2 || (words.size() == 2 && since == 0)) {
      throw CodegenError(at(source, comment.offset,
                            {.object = object,
                             .expected = "a plugin and a version of it such as \"@requires movie "
                                         "202\"",
                             .found = std::string(comment.text)}));
    }
    annotations.requirements.push_back({words[0].name, since, words[0].offset});
  } else if (word == "@replica" && comment.text == word) {
    annotations.replica = true;
    annotations.replica_offset = comment.offset;
  } else if (word == "@long" && comment.text == word) {
    annotations.is_long = true;
  } else {
    const bool needs_nothing = std::find(alone.begin(), alone.end(), word) != alone.end();
    throw CodegenError(
        at(source, comment.offset,
           {.object = object,
            .expected = needs_nothing ? fmt::format("{} alone", word)
                                      : fmt::format("one of {}", fmt::join(known, " ")),
            .found = std::string(needs_nothing ? comment.text : word)}));
  }
}

}  // namespace qm::codegen

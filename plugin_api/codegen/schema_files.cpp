// See schema_files.hpp.
#include "codegen/schema_files.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <regex>
#include <tuple>
#include <utility>

#include "codegen/diagnostic.hpp"
#include "codegen/lexer.hpp"
#include "codegen/sha256.hpp"

namespace qm::codegen {
namespace {

CodegenError fault(const std::filesystem::path& path, std::string expected, std::string found) {
  return CodegenError(Diagnostic{
      .file = path.string(),
      .report = {.object = "", .expected = std::move(expected), .found = std::move(found)}});
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Numbered files come first; among equals the name decides.
auto order_of(const std::filesystem::path& file) {
  const std::string name = file.filename().string();
  const std::size_t start = !name.empty() && name[0] == 'V' ? 1 : 0;  // Flyway's
  std::size_t end = start;
  while (end < name.size() && is_digit(name[end]))
    ++end;
  std::size_t zeros = start;
  while (zeros < end && name[zeros] == '0')
    ++zeros;
  // Of any length, compared as numbers.
  return std::tuple(end == start, end - zeros, name.substr(zeros, end - zeros), name);
}

// What the tools write between the ways up and down of one file.
enum class Marker { none, up, down };

Marker marker_of(std::string_view line) {
  std::string text = fold(line.substr(0, line.find_last_not_of(" \t\r") + 1));
  constexpr std::array<std::pair<std::string_view, Marker>, 8> markers{
      {{"-- +goose up", Marker::up},
       {"-- +goose down", Marker::down},
       {"-- +migrate up", Marker::up},
       {"-- +migrate down", Marker::down},
       {"-- migrate:up", Marker::up},
       {"-- migrate:down", Marker::down},
       {"-- rambler up", Marker::up},
       {"-- rambler down", Marker::down}}};
  for (const auto& [start, marker] : markers) {
    if (text.starts_with(start)) return marker;
  }
  // tern's
  return text.starts_with("---- create above / drop below ----") ? Marker::down : Marker::none;
}

void blank(std::string& text, std::size_t begin, std::size_t end) {
  for (std::size_t i = begin; i < end; ++i) {
    if (text[i] != '\n') text[i] = ' ';
  }
}

// The text with the way down and the data of COPY ... FROM stdin blanked out, by lines.
std::string without_other_ways(const std::string& source) {
  static const std::regex copy("copy\\s.*\\sfrom\\s+stdin\\b.*;\\s*", std::regex::icase);
  std::string text = source;
  bool down = false;
  bool data = false;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string line = text.substr(begin, end - begin);
    const Marker marker = data ? Marker::none : marker_of(line);
    if (marker != Marker::none) down = marker == Marker::down;
    const bool starts_data = !data && !down && line.size() < 4096 && std::regex_match(line, copy);
    if (down || data || starts_data) blank(text, begin, end);
    data = starts_data || (data && line != "\\.");
    begin = end + 1;
  }
  return text;
}

bool ends_outside_of_tokens(const std::string& name, const std::string& text) {
  try {
    lex(Source(name, text));
    return true;
  } catch (const CodegenError&) {  // a string or a comment that goes on
    return false;
  }
}

// psql's commands: lines that begin with a backslash, where a statement or a blank may stand.
void blank_commands(const std::string& name, std::string& text) {
  for (std::size_t line = 0; line < text.size();) {
    const std::size_t end = std::min(text.find('\n', line), text.size());
    const std::size_t first = text.find_first_not_of(" \t", line);
    if (first < end && text[first] == '\\' && ends_outside_of_tokens(name, text.substr(0, line)))
      blank(text, line, end);
    line = end + 1;
  }
}

SchemaFile read_schema_file(const std::filesystem::path& file) {
  SchemaFile read;
  read.source = std::make_shared<const Source>(read_source(file));
  read.script = without_other_ways(read.source->text());
  blank_commands(file.string(), read.script);
  return read;
}

// How deep a token stands in parentheses and in BEGIN ATOMIC ... END.
class Nesting {
 public:
  void take(const Token& token) {
    if (token.is_symbol('(')) ++parentheses_;
    if (token.is_symbol(')') && parentheses_ > 0) --parentheses_;
    if (token.is_word("atomic") && after_begin_) {
      ++blocks_;
    } else if (blocks_ > 0 && token.is_word("case")) {
      ++blocks_;
    } else if (blocks_ > 0 && token.is_word("end")) {
      --blocks_;
    }
    after_begin_ = token.is_word("begin");
  }
  bool is_top() const noexcept { return parentheses_ == 0 && blocks_ == 0; }

 private:
  int parentheses_ = 0;
  int blocks_ = 0;
  bool after_begin_ = false;
};

}  // namespace

std::vector<SchemaStatement> SchemaFile::statements() const {
  std::vector<SchemaStatement> found;
  const Source lexed(source->name(), script);
  const std::string_view text = script;
  Nesting nesting;
  std::size_t begin = text.npos;
  std::size_t last = 0;
  const auto finish = [&] {
    if (begin != text.npos) found.push_back({begin, text.substr(begin, last - begin)});
    begin = text.npos;
    nesting = {};
  };
  for (const Token& token : lex(lexed)) {
    if (token.is_comment()) continue;
    if (token.is_symbol(';') && nesting.is_top()) {
      finish();
      continue;
    }
    if (begin == text.npos) begin = token.begin;
    last = token.end;
    nesting.take(token);
  }
  finish();
  return found;
}

std::vector<std::filesystem::path> list_sql_files(const std::filesystem::path& path) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (error || !std::filesystem::exists(status)) throw fault(path, "a file or directory", "none");
  if (!std::filesystem::is_directory(status)) return {path};
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(path, error)) {
    const std::string name = entry.path().filename().string();
    const bool is_down =
        name.ends_with(".down.sql") || (name[0] == 'U' && name.size() > 1 && is_digit(name[1]));
    if (entry.path().extension() == ".sql" && !is_down) files.push_back(entry.path());
  }
  if (error) throw fault(path, "a directory that can be read", error.message());
  if (files.empty()) throw fault(path, "*.sql files in the directory", "none");
  std::sort(files.begin(), files.end(),
            [](const auto& a, const auto& b) { return order_of(a) < order_of(b); });
  return files;
}

std::vector<SchemaFile> read_schema_files(const std::vector<std::filesystem::path>& paths) {
  std::vector<SchemaFile> read;
  Diagnostics diagnostics;
  for (const auto& path : paths) {
    diagnostics.guard([&] {
      for (const auto& file : list_sql_files(path))
        diagnostics.guard([&] { read.push_back(read_schema_file(file)); });
    });
  }
  diagnostics.raise();
  return read;
}

std::string schema_hash(const std::vector<SchemaFile>& files) {
  std::string text;
  for (const SchemaFile& file : files) {
    text += std::filesystem::path(file.source->name()).filename().string() + " " +
            hex(sha256(file.source->text())) + "\n";
  }
  return hex(sha256(text));
}

}  // namespace qm::codegen

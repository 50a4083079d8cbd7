// See naming.hpp.
#include "codegen/naming.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace qm::codegen {
namespace {

bool is_upper(char c) noexcept {
  return c >= 'A' && c <= 'Z';
}
bool is_lower(char c) noexcept {
  return c >= 'a' && c <= 'z';
}
bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}
bool is_word(char c) noexcept {
  return is_upper(c) || is_lower(c) || is_digit(c);
}
char lower(char c) noexcept {
  return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
}
char upper(char c) noexcept {
  return is_lower(c) ? static_cast<char>(c - 'a' + 'A') : c;
}

// C++20, [lex.key] and [lex.digraph], and what the standard library defines as macros.
const std::set<std::string_view>& keywords() {
  static const std::set<std::string_view> words{
      "alignas",      "alignof",      "and",           "and_eq",
      "asm",          "auto",         "bitand",        "bitor",
      "bool",         "break",        "case",          "catch",
      "char",         "char16_t",     "char32_t",      "char8_t",
      "class",        "co_await",     "co_return",     "co_yield",
      "compl",        "concept",      "const",         "const_cast",
      "consteval",    "constexpr",    "constinit",     "continue",
      "decltype",     "default",      "delete",        "do",
      "double",       "dynamic_cast", "else",          "enum",
      "errno",        "explicit",     "export",        "extern",
      "false",        "float",        "for",           "friend",
      "goto",         "if",           "inline",        "int",
      "long",         "mutable",      "namespace",     "new",
      "noexcept",     "not",          "not_eq",        "nullptr",
      "operator",     "or",           "or_eq",         "private",
      "protected",    "public",       "register",      "reinterpret_cast",
      "requires",     "return",       "short",         "signed",
      "sizeof",       "static",       "static_assert", "static_cast",
      "struct",       "switch",       "template",      "this",
      "thread_local", "throw",        "true",          "try",
      "typedef",      "typeid",       "typename",      "union",
      "unsigned",     "using",        "virtual",       "void",
      "volatile",     "wchar_t",      "while",         "xor",
      "xor_eq",       "assert",       "stdin",         "stdout",
      "stderr",       "linux",        "unix",          "NULL",
      "EOF"};
  return words;
}

bool ends_with(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

std::string singular_word(std::string word) {
  constexpr std::array<std::string_view, 12> plural_by_nature{
      "series", "species", "news",  "preferences", "statistics",  "stats",
      "means",  "status",  "media", "metadata",    "credentials", "analytics"};
  constexpr std::array<std::pair<std::string_view, std::string_view>, 14> irregular{
      {{"people", "person"},
       {"children", "child"},
       {"men", "man"},
       {"women", "woman"},
       {"movies", "movie"},
       {"cookies", "cookie"},
       {"calories", "calorie"},
       {"indices", "index"},
       {"matrices", "matrix"},
       {"statuses", "status"},
       {"viruses", "virus"},
       {"buses", "bus"},
       {"analyses", "analysis"},
       {"caches", "cache"}}};
  if (std::find(plural_by_nature.begin(), plural_by_nature.end(), word) != plural_by_nature.end()) {
    return word;
  }
  for (const auto& [plural, one] : irregular) {
    if (word == plural) return std::string(one);
  }
  if (ends_with(word, "ies") && word.size() > 4) return word.substr(0, word.size() - 3) + "y";
  for (const std::string_view end : {"sses", "shes", "ches", "xes", "zzes"}) {
    if (ends_with(word, end)) return word.substr(0, word.size() - 2);
  }
  const bool no_plural = ends_with(word, "ss") || ends_with(word, "us") || ends_with(word, "is");
  if (ends_with(word, "s") && !no_plural && word.size() > 2) word.pop_back();
  return word;
}

}  // namespace

std::string snake_case(std::string_view name) {
  std::string out;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    if (is_upper(c) && i > 0 && name[i - 1] != '_') {
      const char before = name[i - 1];
      const char next = i + 1 < name.size() ? name[i + 1] : '\0';
      const char after_next = i + 2 < name.size() ? name[i + 2] : '\0';
      // TMDb, IDs: the small letter belongs to the capitals before it.
      const bool lone_small = is_lower(next) && !is_lower(after_next);
      const bool starts_word = is_upper(before) ? is_lower(next) && !lone_small : true;
      if (starts_word) out += '_';
    }
    out += lower(c);
  }
  return out;
}

std::string camel_case(std::string_view name) {
  std::string out;
  bool start = true;
  for (const char c : name) {
    if (is_word(c)) out += start ? upper(c) : c;
    start = !is_word(c);
  }
  return out;
}

std::string singular(std::string_view name) {
  const std::size_t last = name.rfind('_');
  const std::size_t start = last == std::string_view::npos ? 0 : last + 1;
  return std::string(name.substr(0, start)) + singular_word(std::string(name.substr(start)));
}

std::string identifier(std::string_view text, std::string_view fallback) {
  std::string out;
  bool gap = false;
  for (const char c : text) {
    if (is_word(c)) {
      // Neither a leading nor a double underscore: those names are the implementation's.
      if (gap && !out.empty()) out += '_';
      out += c;
    }
    gap = !is_word(c);
  }
  if (out.empty()) out = fallback;
  if (is_digit(out.front())) out = std::string(fallback) + "_" + out;
  if (is_keyword(out)) out += '_';
  return out;
}

bool is_keyword(std::string_view word) {
  return keywords().count(word) != 0;
}

std::string NameScope::unique(std::string name) {
  if (take(name)) return name;
  if (!ends_with(name, "_")) {
    name += '_';
    if (take(name)) return name;
  }
  for (int number = 2;; ++number) {
    std::string numbered = name + std::to_string(number);
    if (take(numbered)) return numbered;
  }
}

}  // namespace qm::codegen

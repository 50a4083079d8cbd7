// See naming.hpp.
#include "codegen/naming.hpp"

#include <fmt/format.h>

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

// U+00C0 to U+017F (Latin-1 Supplement and Latin Extended-A) without marks, by code point; a blank
// where there is no letter.
constexpr std::array<std::string_view, 192> latin_letters{
    "A", "A", "A",  "A",  "A", "A", "AE", "C",  "E",  "E", "E", "E", "I",  "I",  "I", "I", "D", "N",
    "O", "O", "O",  "O",  "O", " ", "O",  "U",  "U",  "U", "U", "Y", "TH", "ss", "a", "a", "a", "a",
    "a", "a", "ae", "c",  "e", "e", "e",  "e",  "i",  "i", "i", "i", "d",  "n",  "o", "o", "o", "o",
    "o", " ", "o",  "u",  "u", "u", "u",  "y",  "th", "y", "A", "a", "A",  "a",  "A", "a", "C", "c",
    "C", "c", "C",  "c",  "C", "c", "D",  "d",  "D",  "d", "E", "e", "E",  "e",  "E", "e", "E", "e",
    "E", "e", "G",  "g",  "G", "g", "G",  "g",  "G",  "g", "H", "h", "H",  "h",  "I", "i", "I", "i",
    "I", "i", "I",  "i",  "I", "i", "IJ", "ij", "J",  "j", "K", "k", "k",  "L",  "l", "L", "l", "L",
    "l", "L", "l",  "L",  "l", "N", "n",  "N",  "n",  "N", "n", "n", "N",  "n",  "O", "o", "O", "o",
    "O", "o", "OE", "oe", "R", "r", "R",  "r",  "R",  "r", "S", "s", "S",  "s",  "S", "s", "S", "s",
    "T", "t", "T",  "t",  "T", "t", "U",  "u",  "U",  "u", "U", "u", "U",  "u",  "U", "u", "U", "u",
    "W", "w", "Y",  "y",  "Y", "Z", "z",  "Z",  "z",  "Z", "z", "s"};

// The code point at the beginning of valid UTF-8, and its length in bytes.
std::pair<char32_t, std::size_t> code_point(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  const std::size_t size = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  char32_t point = size == 1 ? first : first & (0x7fU >> size);
  for (std::size_t i = 1; i < size && i < text.size(); ++i)
    point = point << 6U | (byte(i) & 0x3fU);
  return {point, std::min(size, text.size())};
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

std::string ascii_name(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto [point, size] = code_point(text);
    const char32_t latin = point - 0xc0;
    if (point < 0x80) {
      out += text.front();
    } else if (point >= 0xc0 && latin < latin_letters.size()) {
      out += latin_letters[latin];
    } else {
      out += fmt::format("u{:04x}", static_cast<std::uint32_t>(point));
    }
    text.remove_prefix(size);
  }
  return out;
}

std::string json_name(std::string_view column) {
  std::string out;
  bool start = false;
  for (const char c : column) {
    if (c == '_' || c == ' ' || c == '-') {
      start = !out.empty();
      continue;
    }
    out += start ? upper(c) : c;
    start = false;
  }
  return out.empty() ? std::string(column) : out;
}

std::string quote_identifier(std::string_view name) {
  std::string out = "\"";
  for (const char c : name)
    out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + '"';
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

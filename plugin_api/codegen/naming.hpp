// How names of queries, tables, columns and parameters become names in C++: predictably, without
// keywords, and without two of them meeting.
#pragma once

#include <set>
#include <string>
#include <string_view>

namespace qm::codegen {

// "GetMovieByTMDbID" -> "get_movie_by_tmdb_id". A run of capitals is one word, also when a single
// small letter follows it (TMDb, IDs).
std::string snake_case(std::string_view name);

// "movie_files" -> "MovieFiles"; what is no letter or digit separates words.
std::string camel_case(std::string_view name);

// "movie_files" -> "movie_file", "categories" -> "category": the last word only. Words that are
// plural by nature (series, preferences, status) stay.
std::string singular(std::string_view name);

// A C++ identifier for any text: what is not allowed becomes _, and keywords get a _ at the end.
// `fallback` stands for text of which nothing is left ("?column?" -> "column").
std::string identifier(std::string_view text, std::string_view fallback);

// The text with what is beyond ASCII spelled in it: Latin letters without their marks ("Größe" ->
// "Grosse"), everything else as its code point ("名" -> "u540d").
std::string ascii_name(std::string_view text);

// "poster_path" -> "posterPath": a column's name in JSON.
std::string json_name(std::string_view column);

// A name in SQL's quotes, where it means this very name even if it is a keyword.
std::string quote_identifier(std::string_view name);

// A word that is no identifier in C++, or a macro of its standard library.
bool is_keyword(std::string_view word);

// Names taken in one C++ scope.
class NameScope {
 public:
  NameScope() = default;
  explicit NameScope(std::set<std::string> taken) : taken_(std::move(taken)) {}
  // The name if it is new; else with a _ at its end, and a number after that: never two _ in a
  // row, which C++ keeps for itself.
  std::string unique(std::string name);
  bool take(const std::string& name) { return taken_.insert(name).second; }

 private:
  std::set<std::string> taken_;
};

}  // namespace qm::codegen

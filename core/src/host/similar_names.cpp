// See similar_names.hpp. Levenshtein distance over lower-cased ASCII: names of queries are ASCII.
#include "host/similar_names.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <utility>

namespace qm::host {
namespace {

std::string lower_case(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t above = row[j + 1];
      row[j + 1] = std::min({above + 1, row[j] + 1, diagonal + (a[i] == b[j] ? 0 : 1)});
      diagonal = above;
    }
  }
  return row.back();
}

}  // namespace

std::vector<std::string> similar_names(std::string_view name,
                                       const std::vector<std::string_view>& candidates) {
  constexpr std::size_t most_hints = 3;
  constexpr std::size_t shortest_part = 4;  // of a name, for "contains" to mean anything
  const std::string wanted = lower_case(name);
  // A third of the letters wrong is another word.
  const std::size_t tolerance = std::max<std::size_t>(1, wanted.size() / 3);
  std::vector<std::pair<std::size_t, std::string_view>> ranked;
  for (const std::string_view candidate : candidates) {
    const std::string other = lower_case(candidate);
    const std::size_t distance = edit_distance(wanted, other);
    const bool contains = std::min(wanted.size(), other.size()) >= shortest_part &&
                          (wanted.find(other) != wanted.npos || other.find(wanted) != other.npos);
    if (distance <= tolerance || contains) ranked.emplace_back(distance, candidate);
  }
  std::sort(ranked.begin(), ranked.end());
  std::vector<std::string> names;
  for (const auto& [distance, candidate] : ranked) {
    if (names.size() == most_hints) break;
    if (names.empty() || names.back() != candidate) names.emplace_back(candidate);
  }
  return names;
}

}  // namespace qm::host

// See nearest.hpp: the restricted Damerau-Levenshtein distance over three rows.
#include "config/nearest.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace qm {
namespace {

// Long input is a mistake of another kind, and the distance takes the product of both lengths.
constexpr std::size_t longest_name = 100;

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

// The words both begin with ("database.max_"): they say nothing about how alike the rest is.
std::size_t common_words(std::string_view a, std::string_view b) {
  std::size_t words = 0;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()) && a[i] == b[i]; ++i) {
    if (a[i] == '.' || a[i] == '_') words = i + 1;
  }
  return words;
}

}  // namespace

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> previous(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j)
    previous[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = a[i - 1] == b[j - 1] ? 0 : 1;
      row[j] = std::min({previous[j] + 1, row[j - 1] + 1, previous[j - 1] + change});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before[j - 2] + 1);
      }
    }
    std::swap(before, previous);
    std::swap(previous, row);
  }
  return previous[b.size()];
}

std::string nearest(std::string_view name, std::span<const std::string> candidates) {
  if (name.size() > longest_name) return {};
  const std::string wanted = lower(name);
  std::string best;
  std::size_t best_distance = name.size();
  for (const std::string& candidate : candidates) {
    const std::string other = lower(candidate);
    const std::size_t common = common_words(wanted, other);
    const std::string_view rest = std::string_view(wanted).substr(common);
    const std::size_t distance = edit_distance(rest, std::string_view(other).substr(common));
    if (distance <= std::max<std::size_t>(1, rest.size() / 3) && distance < best_distance) {
      best = candidate;
      best_distance = distance;
    }
  }
  return best;
}

}  // namespace qm

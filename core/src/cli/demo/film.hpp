// One film of the demo's data, as its CSV file gives it.
#pragma once

#include <cstdint>
#include <optional>
#include <quartermaster/types.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace qm::cli {

struct Film {
  std::string title;
  std::optional<Date> release_date;
  std::optional<std::int32_t> year;
  std::optional<std::int32_t> runtime_minutes;
  std::string mpaa_rating;  // empty = unknown
  std::string genre;
  std::string director;
  std::optional<std::int64_t> production_budget;
  std::optional<std::int64_t> worldwide_gross;
  std::optional<Numeric> imdb_rating;
  std::optional<std::int32_t> imdb_votes;
};

// All films of a file, or a ConfigError naming file:line for the first that cannot be read.
std::vector<Film> parse_films(const std::string& name, std::string_view text);

}  // namespace qm::cli

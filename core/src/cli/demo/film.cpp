#include "cli/demo/film.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <quartermaster/error.hpp>

#include "cli/demo/csv.hpp"

namespace qm::cli {
namespace {

// The columns this demo reads, by name, so that a file with further or reordered ones still works.
class Columns {
 public:
  Columns(const std::string& file, const std::vector<std::string>& header)
      : file_(file), header_(header) {}

  std::size_t index(std::string_view name) const {
    const auto found = std::find(header_.begin(), header_.end(), name);
    if (found == header_.end()) {
      throw ConfigError({.object = file_ + ":1",
                         .expected = fmt::format("a column '{}'", name),
                         .found = fmt::format("{}", fmt::join(header_, ", "))});
    }
    return static_cast<std::size_t>(found - header_.begin());
  }

 private:
  const std::string& file_;
  const std::vector<std::string>& header_;
};

class FieldReader {
 public:
  FieldReader(const std::string& file, const CsvReader& csv) : file_(file), csv_(csv) {}

  template <class Integer>
  std::optional<Integer> integer(const std::string& text, std::string_view column) const {
    if (text.empty()) return std::nullopt;
    Integer value{};
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc{} || stop != end || value < 0) fail(column, "a whole number", text);
    return value;
  }

  std::optional<Numeric> rating(const std::string& text, std::string_view column) const {
    if (text.empty()) return std::nullopt;
    const bool plain = text.find_first_not_of("0123456789.") == std::string::npos;
    if (!plain || text.size() > 4) fail(column, "a number from 0 to 10", text);
    Numeric value(text);
    if (value.to_double() > 10) fail(column, "a number from 0 to 10", text);
    return value;
  }

  // "Jun 12 1998".
  std::optional<Date> date(const std::string& text, std::string_view column,
                           std::optional<std::int32_t>& year) const {
    using namespace std::chrono;
    if (text.empty()) return std::nullopt;
    constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto month_at = std::find(months.begin(), months.end(), text.substr(0, 3));
    if (month_at == months.end() || text.size() != 11 || text[3] != ' ' || text[6] != ' ') {
      fail(column, "a date like Jun 12 1998", text);
    }
    const auto day_number = integer<std::int32_t>(text.substr(4, 2), column);
    year = integer<std::int32_t>(text.substr(7), column);
    const year_month_day day{std::chrono::year{*year},
                             month{static_cast<unsigned>(month_at - months.begin() + 1)},
                             std::chrono::day{static_cast<unsigned>(*day_number)}};
    if (!day.ok()) fail(column, "a date like Jun 12 1998", text);
    return Date{sys_days{day}};
  }

 private:
  [[noreturn]] void fail(std::string_view column, std::string_view expected,
                         const std::string& found) const {
    throw ConfigError({.object = fmt::format("{}:{}: {}", file_, csv_.line(), column),
                       .expected = std::string(expected),
                       .found = fmt::format("'{}'", found),
                       .hint = "nothing of the file was imported"});
  }

  const std::string& file_;
  const CsvReader& csv_;
};

}  // namespace

std::vector<Film> parse_films(const std::string& name, std::string_view text) {
  CsvReader csv(name, text);
  const Columns columns(name, csv.header());
  const FieldReader read(name, csv);
  const std::size_t title = columns.index("title");
  const std::size_t release_date = columns.index("release_date");
  const std::size_t runtime = columns.index("runtime_min");
  const std::size_t mpaa_rating = columns.index("mpaa_rating");
  const std::size_t genre = columns.index("genre");
  const std::size_t director = columns.index("director");
  const std::size_t budget = columns.index("production_budget");
  const std::size_t gross = columns.index("worldwide_gross");
  const std::size_t rating = columns.index("imdb_rating");
  const std::size_t votes = columns.index("imdb_votes");

  std::vector<Film> films;
  std::vector<std::string> fields;
  while (csv.next(fields)) {
    Film film;
    film.title = fields[title].empty() ? "(untitled)" : fields[title];
    film.release_date = read.date(fields[release_date], "release_date", film.year);
    film.runtime_minutes = read.integer<std::int32_t>(fields[runtime], "runtime_min");
    film.mpaa_rating = fields[mpaa_rating];
    film.genre = fields[genre];
    film.director = fields[director];
    film.production_budget = read.integer<std::int64_t>(fields[budget], "production_budget");
    film.worldwide_gross = read.integer<std::int64_t>(fields[gross], "worldwide_gross");
    film.imdb_rating = read.rating(fields[rating], "imdb_rating");
    film.imdb_votes = read.integer<std::int32_t>(fields[votes], "imdb_votes");
    films.push_back(std::move(film));
  }
  return films;
}

}  // namespace qm::cli

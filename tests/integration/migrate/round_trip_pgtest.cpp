// The way back: every down restores the catalog and the rows that were there before its up, also
// when its tables are full. Needs a server.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <quartermaster/migrator.hpp>
#include <set>
#include <sstream>

#include "database_text.hpp"
#include "shipped_migrations.hpp"
#include "test_database.hpp"

namespace qm::test {
namespace {

std::vector<std::string> lines(const std::string& text) {
  std::vector<std::string> all;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);)
    all.push_back(line);
  return all;
}

// Every row of every table with its table's name, ordered; objects have their keys in order, so
// that the place of a column does not matter. `without` are columns to be left out.
std::multiset<std::string> all_rows(const std::string& url, const std::string& without = "{}") {
  const auto connection = connect(url);
  const std::string tables =
      column(*connection,
             "select format('%I.%I', nspname, relname) from pg_class c join pg_namespace n "
             "on n.oid = relnamespace where relkind = 'r' and nspname in ('public', 'shared', "
             "'movie', 'tvshow')");
  std::multiset<std::string> rows;
  for (const std::string& table : lines(tables)) {
    const std::string text = column(
        *connection, fmt::format("select '{} ' || (to_jsonb(t) - '{}'::text[])::text from {} t",
                                 table, without, table));
    for (const std::string& row : lines(text))
      rows.insert(row);
  }
  return rows;
}

// catalog.sql says that the position is the fourth field of a column; it orders them, too.
std::multiset<std::string> without_positions(const std::string& catalog) {
  std::multiset<std::string> found;
  for (const std::string& line : lines(catalog)) {
    if (!line.starts_with("column\t")) {
      found.insert(line);
      continue;
    }
    std::size_t third = 0;
    for (int tab = 0; tab < 3; ++tab)
      third = line.find('\t', third) + 1;
    found.insert(line.substr(0, third) + line.substr(line.find('\t', third)));
  }
  return found;
}

std::vector<std::string> missing(const std::multiset<std::string>& wanted,
                                 const std::multiset<std::string>& found) {
  std::vector<std::string> rows;
  std::set_difference(wanted.begin(), wanted.end(), found.begin(), found.end(),
                      std::back_inserter(rows));
  return rows;
}

// What a round trip does not bring back (support/populate/README.md): values of columns ...
std::string changed_by(std::uint32_t version) {
  switch (version) {
    case 29:  // policy lines come back as lines, with the next free ids
      return "{id}";
    case 31:
      return "{original_language,updated_at}";
    case 203:
    case 301:  // the numbers that slugs took the place of
      return "{tmdb_genre_id}";
    case 100:
    case 103:
    case 200:
    case 201:
    case 300:  // rows are updated
      return "{updated_at}";
    default:
      return "{}";
  }
}

// ... and rows, which a version's population adds to tables that are not its own.
bool adds_rows_elsewhere(std::uint32_t version) {
  return version == 28 || version == 31 || version == 203 || version == 301 || version == 302;
}

// A column that comes back is the last one.
bool brings_column_back(std::uint32_t version) {
  return version == 28 || version == 203 || version == 301;
}

TEST(RoundTrip, EveryDownRestoresWhatWasBeforeItsUp) {
  const TestDatabase database;
  const std::string url = database.url();
  Migrator migrator(url, shipped_plugins());
  for (const std::uint32_t version : versions_of(shipped_plugins())) {
    SCOPED_TRACE(fmt::format("version {}", version));
    const std::string changed = changed_by(version);
    const std::string before = catalog(url);
    const auto rows_before = all_rows(url, changed);
    ASSERT_EQ(migrator.to(version).size(), 1U);
    const std::string after = catalog(url);
    run_sql(url, population(version));

    const auto steps = migrator.down();
    ASSERT_EQ(steps.size(), 1U);
    EXPECT_EQ(steps[0].version, version);
    if (brings_column_back(version)) {
      EXPECT_EQ(without_positions(catalog(url)), without_positions(before));
    } else {
      EXPECT_EQ(catalog(url), before);
    }
    const auto rows_back = all_rows(url, changed);
    EXPECT_EQ(missing(rows_before, rows_back), std::vector<std::string>{});
    if (!adds_rows_elsewhere(version)) {
      EXPECT_EQ(missing(rows_back, rows_before), std::vector<std::string>{});
    }

    ASSERT_EQ(migrator.to(version).size(), 1U);
    EXPECT_EQ(catalog(url), after);
    run_sql(url, population(version));
  }
}

constexpr std::uint32_t last_version = 302;

TEST(RoundTrip, AllTheWayDownAndUpOnAFullDatabase) {
  const TestDatabase database;
  const std::string url = database.url();
  const std::string empty = catalog(url);
  up_populated(url, last_version);
  const std::string full = catalog(url);
  ASSERT_EQ(catalog_facts(url), expected("catalog_302.txt"));

  Migrator migrator(url, shipped_plugins());
  const auto down = migrator.to(0);
  ASSERT_EQ(down.size(), versions_of(shipped_plugins()).size());
  for (std::size_t i = 1; i < down.size(); ++i)
    EXPECT_GT(down[i - 1].version, down[i].version);
  EXPECT_EQ(catalog(url), empty);
  EXPECT_EQ(migrator.version().version, 0U);

  EXPECT_EQ(migrator.up().size(), versions_of(shipped_plugins()).size());
  EXPECT_EQ(catalog(url), full);
  EXPECT_EQ(seed_rows(url), expected("seed_032.txt"));
}

// Applied in another order than the numbers': rolled back in the reverse of that.
TEST(RoundTrip, DownTakesWhatWasAppliedLast) {
  const TestDatabase database;
  Migrator migrator(database.url(), shipped_plugins());
  MigratorOptions options;
  options.plugin = "shared";
  migrator.up(options);
  options.plugin = "tvshow";
  migrator.up(options);
  const std::string without_movie = catalog(database.url());
  migrator.up();
  EXPECT_EQ(migrator.down().at(0).version, 203U);
  options.plugin = "movie";
  while (!migrator.down(options).empty()) {
  }
  EXPECT_EQ(catalog(database.url()), without_movie);
  EXPECT_EQ(migrator.down().at(0).version, 302U);
}

}  // namespace
}  // namespace qm::test

// In what two catalogs differ. Needs no server: the lines are catalog.sql's.
#include "migrate/catalog.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace qm::migrate {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

using Catalog = std::vector<std::string>;

std::vector<std::string> differences(const Catalog& expected, const Catalog& found) {
  std::vector<std::string> all;
  for (const SchemaDifference& each : compare_catalogs(expected, found)) {
    all.push_back(each.object + ": " + (each.expected.empty() ? "nothing" : each.expected) +
                  " -> " + (each.found.empty() ? "nothing" : each.found));
  }
  return all;
}

const Catalog films{"schema\tpublic", "table\tpublic.films\ttable\tpermanent\t-\t-",
                    "column\tpublic.films\tid\t1\tinteger\tnot null\t-\t-",
                    "column\tpublic.films\ttitle\t2\ttext\tnull\tdefault ''\t-",
                    "index\tpublic.films\tfilms_pkey\tCREATE UNIQUE INDEX\tvalid"};

TEST(Catalogs, ThatAreEqualDoNotDiffer) {
  EXPECT_THAT(differences(films, films), IsEmpty());
  EXPECT_THAT(differences({}, {}), IsEmpty());
}

TEST(Catalogs, PlacesOfColumnsDoNotCount) {
  Catalog moved = films;
  moved[2] = "column\tpublic.films\tid\t7\tinteger\tnot null\t-\t-";
  EXPECT_THAT(differences(films, moved), IsEmpty());
}

TEST(Catalogs, DifferByWhatIsMissingOrAnother) {
  Catalog changed = films;
  changed.erase(changed.begin() + 4);
  changed[3] = "column\tpublic.films\ttitle\t2\tvarchar(9)\tnot null\t-\t-";
  EXPECT_THAT(
      differences(films, changed),
      ElementsAre("column public.films.title: text, null, default '' -> varchar(9), not null",
                  "index public.films.films_pkey: CREATE UNIQUE INDEX, valid -> nothing"));
}

TEST(Catalogs, AMissingTableIsOneDifference) {
  EXPECT_THAT(differences(films, {"schema\tpublic"}),
              ElementsAre("table public.films: table, permanent -> nothing"));
}

TEST(Catalogs, WhatIsAddedCountsOnlyInTheirTables) {
  Catalog more = films;
  more.emplace_back("table\tpublic.mine\ttable\tpermanent\t-\t-");
  more.emplace_back("column\tpublic.mine\tid\t1\tinteger\tnull\t-\t-");
  more.emplace_back("function\tpublic.mine()\tinteger\tsql\tmd5");
  more.emplace_back("column\tpublic.films\tmine\t3\tinteger\tnull\t-\t-");
  EXPECT_THAT(differences(films, more),
              ElementsAre("column public.films.mine: nothing -> integer, null"));
}

TEST(Catalogs, LinesOfOneWordAreObjectsToo) {
  EXPECT_THAT(differences({"schema\tmovie"}, {}), ElementsAre("schema movie: there -> nothing"));
}

}  // namespace
}  // namespace qm::migrate

// `migrate lint` and `migrate new`: what works on files alone.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "program.hpp"
#include "scratch_directory.hpp"

namespace qm::test {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class MigrationFiles : public testing::Test {
 protected:
  std::string file(const std::string& name, const std::string& text) const {
    const fs::path path = scratch_.path() / name;
    fs::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
    return path.string();
  }
  static std::string text_of(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  std::string directory() const { return scratch_.path().string(); }

  const ScratchDirectory scratch_;
};

TEST_F(MigrationFiles, OfAllPluginsPassTheLint) {
  const Outcome outcome = run({"migrate", "lint", SOURCE_ROOT "/migrations"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.out;
  EXPECT_EQ(outcome.out, "0 findings in 60 versions\n");
  EXPECT_THAT(run({"migrate", "lint", "--plugin", "movie"}).out,
              HasSubstr("0 findings in 11 versions"));
}

TEST_F(MigrationFiles, AreReportedWithLineReasonAndRemedy) {
  file("a/000007_one.up.sql", "-- One.\n\ndrop table s.t;\n");
  file("a/000007_one.down.sql", "select 1;\n");
  const std::string second = file("000008_two.up.sql",
                                  "-- quartermaster: no-transaction\n"
                                  "create index concurrently i on s.t (a);");
  const Outcome outcome = run({"migrate", "lint", directory()});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_EQ(outcome.out,
            second +
                ":1: no-way-back\n"
                "  there is no down file, or nothing in it\n"
                "  instead: write the down, or say in a suppression why there is none\n"
                "\n" +
                directory() +
                "/a/000007_one.up.sql:3: removes-data: s.t\n"
                "    drop table s.t\n"
                "  what is dropped is gone, and a release that still runs and uses it "
                "fails\n"
                "  instead: drop it one release after the last that uses it, and say so "
                "in a suppression\n\n"
                "2 findings in 2 versions\n");
  EXPECT_THAT(run({"migrate", "lint", second, "--output", "json"}).out,
              AllOf(HasSubstr(R"("rule": "no-way-back")"), HasSubstr(R"("line": 1)")));
}

TEST_F(MigrationFiles, MustBeThere) {
  const auto refused = [](const std::string& path) {
    const Outcome outcome = run({"migrate", "lint", path});
    EXPECT_EQ(outcome.exit_code, 2) << path;
    return outcome.err;
  };
  EXPECT_THAT(refused(directory()), HasSubstr("found a directory without any"));
  EXPECT_THAT(refused(directory() + "/none"), HasSubstr("found nothing"));
  EXPECT_THAT(refused(directory() + "/none.up.sql"), HasSubstr("found nothing"));
  EXPECT_THAT(refused(file("x.sql", "")), HasSubstr("found another file"));
}

TEST_F(MigrationFiles, AreMadeWithTheNextFreeNumber) {
  const auto create = [&](std::vector<std::string> more) {
    more.insert(more.begin(), {"migrate", "new", "movie"});
    more.insert(more.end(), {"--directory", directory() + "/movie"});
    return run(more);
  };
  const Outcome first = create({"Add ratings, by critics!"});
  EXPECT_EQ(first.exit_code, 0) << first.err;
  const std::string up = directory() + "/movie/000204_add_ratings_by_critics.up.sql";
  const std::string down = directory() + "/movie/000204_add_ratings_by_critics.down.sql";
  EXPECT_EQ(first.out, up + "\n" + down + "\n");
  EXPECT_EQ(text_of(up), "-- Add ratings, by critics!\n\n");
  EXPECT_THAT(text_of(down), StartsWith("-- Restores what 000204_add_ratings_by_critics.up.sql"));
  const Outcome second = create({"index them", "--no-transaction", "--output", "json"});
  EXPECT_THAT(second.out, HasSubstr("\"version\": 205"));
  EXPECT_THAT(text_of(directory() + "/movie/000205_index_them.up.sql"),
              HasSubstr("\n-- quartermaster: no-transaction\n"));
  EXPECT_THAT(text_of(up), Not(HasSubstr("index"))) << "what is there stays as it is";
}

TEST_F(MigrationFiles, AreNotMadeForNobodyOrOfNothing) {
  const auto refused = [&](const std::string& plugin, const std::string& title) {
    const Outcome outcome = run({"migrate", "new", plugin, title, "--directory", directory()});
    EXPECT_EQ(outcome.exit_code, 2);
    return outcome.err;
  };
  EXPECT_THAT(refused("opera", "arias"), HasSubstr("found none of that id"));
  EXPECT_THAT(refused("movie", ""), HasSubstr("found nothing"));
  EXPECT_THAT(refused("movie", "..."), HasSubstr("no letter or digit"));
  file("000299_last.up.sql", "");
  EXPECT_THAT(refused("movie", "one more"), HasSubstr("a version above 299 in its ranges"));
  const Outcome blocked = run({"migrate", "new", "movie", "x", "--directory", "/proc/nowhere"});
  EXPECT_EQ(blocked.exit_code, 1);
  EXPECT_THAT(blocked.err, HasSubstr("cannot be written"));
}

}  // namespace
}  // namespace qm::test

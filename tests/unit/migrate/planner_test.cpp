// Which versions run, in which order, and what is refused. Needs nothing.
#include "migrate/planner.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <quartermaster/error.hpp>

namespace qm::migrate {
namespace {

using ::testing::HasSubstr;

PluginInfo plugin(const std::string& id, const std::vector<std::uint32_t>& versions,
                  const std::vector<std::string>& depends = {}) {
  PluginInfo info;
  info.id = id;
  info.state = PluginState::loaded;
  for (const std::string& other : depends)
    info.dependencies.push_back({other, ""});
  for (const std::uint32_t version : versions) {
    const std::string number = std::to_string(version);
    info.migrations.push_back(
        {version, "v" + number, "up " + number, "down " + number, "sum" + number, true});
  }
  return info;
}

LedgerRow row(std::uint32_t version, std::int64_t ordinal, const std::string& owner) {
  LedgerRow ledger;
  ledger.version = version;
  ledger.ordinal = ordinal;
  ledger.plugin = owner;
  ledger.slug = "v" + std::to_string(version);
  ledger.checksum = "sum" + std::to_string(version);
  ledger.applied_at = "2026-01-02T03:04:05Z";
  return ledger;
}

std::vector<std::int64_t> numbers(const std::vector<MigrationStep>& steps) {
  std::vector<std::int64_t> all;
  for (const MigrationStep& step : steps) {
    all.push_back(step.direction == Direction::up ? std::int64_t{step.version}
                                                  : -std::int64_t{step.version});
  }
  return all;
}

using Numbers = std::vector<std::int64_t>;

// The error's text, or "" when nothing was thrown.
template <class Call>
std::string refusal(const Call& call) {
  try {
    call();
  } catch (const MigrationError& error) {
    return error.what();
  }
  return "";
}

class PlannerTest : public ::testing::Test {
 protected:
  std::vector<PluginInfo> plugins{plugin("shared", {1, 2, 27, 100}),
                                  plugin("movie", {21, 22, 200}, {"shared"}),
                                  plugin("tvshow", {32}, {"shared"})};
  std::vector<LedgerRow> ledger;
  MigratorOptions options;

  Planner planner() const { return {plugins, ledger}; }
};

TEST_F(PlannerTest, UpGoesThroughAllPluginsInOneOrder) {
  EXPECT_EQ(numbers(planner().up(options)), (Numbers{1, 2, 21, 22, 27, 32, 100, 200}));
}

TEST_F(PlannerTest, UpLeavesOutWhatIsApplied) {
  ledger = {row(1, 1, "shared"), row(2, 2, "shared"), row(27, 3, "shared"), row(100, 4, "shared"),
            row(32, 5, "tvshow")};
  EXPECT_EQ(numbers(planner().up(options)), (Numbers{21, 22, 200}));
}

TEST_F(PlannerTest, UpOfOnePlugin) {
  options.plugin = "movie";
  EXPECT_EQ(numbers(planner().up(options)), (Numbers{21, 22, 200}));
}

TEST_F(PlannerTest, UnknownPluginNamesTheLoadedOnes) {
  options.plugin = "music";
  EXPECT_THAT(refusal([&] { planner().up(options); }), HasSubstr("shared, movie, tvshow"));
}

TEST_F(PlannerTest, GapBelowAnAppliedVersionOfTheSamePluginIsRefused) {
  ledger = {row(1, 1, "shared"), row(27, 2, "shared")};
  EXPECT_THAT(refusal([&] { planner().up(options); }), HasSubstr("migration 000002 v2 (shared)"));
  options.allow_out_of_order = true;
  EXPECT_EQ(numbers(planner().up(options)), (Numbers{2, 21, 22, 32, 100, 200}));
}

TEST_F(PlannerTest, EditedVersionRefusesItsPluginAndDependents) {
  ledger = {row(1, 1, "shared"), row(2, 2, "shared")};
  ledger[1].checksum = "other";
  EXPECT_THAT(refusal([&] { planner().up(options); }), HasSubstr("migration 000002 v2 (shared)"));
  options.plugin = "tvshow";
  EXPECT_THAT(refusal([&] { planner().up(options); }), HasSubstr("checksum"));
}

TEST_F(PlannerTest, EditedVersionOfAnotherPluginDoesNotMatter) {
  ledger = {row(21, 1, "movie")};
  ledger[0].checksum = "other";
  options.plugin = "tvshow";
  EXPECT_EQ(numbers(planner().up(options)), (Numbers{32}));
}

TEST_F(PlannerTest, DownRollsBackTheLastAppliedStep) {
  ledger = {row(1, 1, "shared"), row(21, 3, "movie"), row(32, 2, "tvshow")};
  EXPECT_EQ(numbers(planner().down(options)), (Numbers{-21}));
}

TEST_F(PlannerTest, DownOnAnEmptyDatabaseIsNothing) {
  EXPECT_EQ(numbers(planner().down(options)), Numbers{});
}

TEST_F(PlannerTest, DownUnderADependentNeedsCascade) {
  ledger = {row(1, 1, "shared"), row(21, 2, "movie"), row(22, 3, "movie")};
  options.plugin = "shared";
  EXPECT_THAT(refusal([&] { planner().down(options); }), HasSubstr("--cascade"));
  options.cascade = true;
  EXPECT_EQ(numbers(planner().down(options)), (Numbers{-22, -21, -1}));
}

TEST_F(PlannerTest, DependentAppliedEarlierDoesNotBlock) {
  ledger = {row(1, 1, "shared"), row(200, 2, "movie"), row(100, 3, "shared")};
  EXPECT_EQ(numbers(planner().down(options)), (Numbers{-100}));
}

TEST_F(PlannerTest, DownWithoutADownFileIsRefused) {
  plugins[0].migrations[0].down_sql.clear();
  ledger = {row(1, 1, "shared")};
  EXPECT_THAT(refusal([&] { planner().down(options); }), HasSubstr("expected a down file"));
}

TEST_F(PlannerTest, DownPassesOverAbsentOwners) {
  ledger = {row(1, 1, "shared"), row(900, 2, "qar")};
  EXPECT_EQ(numbers(planner().down(options)), (Numbers{-1}));
}

TEST_F(PlannerTest, ToGoesBothWays) {
  ledger = {row(1, 1, "shared"), row(100, 2, "shared")};
  options.allow_out_of_order = true;
  EXPECT_EQ(numbers(planner().to(27, options)), (Numbers{-100, 2, 21, 22, 27}));
}

TEST_F(PlannerTest, ToZeroRollsBackEverythingInReverseOrderOfApplication) {
  ledger = {row(1, 1, "shared"), row(2, 2, "shared"), row(21, 4, "movie"), row(32, 3, "tvshow")};
  EXPECT_EQ(numbers(planner().to(0, options)), (Numbers{-21, -32, -2, -1}));
}

TEST_F(PlannerTest, ToAnUnknownVersionIsRefused) {
  EXPECT_THAT(refusal([&] { planner().to(33, options); }), HasSubstr("target version 33"));
}

TEST_F(PlannerTest, HalfDoneVersionMustBeFinishedInItsDirection) {
  ledger = {row(1, 1, "shared")};
  ledger[0].dirty = true;
  ledger[0].checksum = "of a text that could not be finished";
  EXPECT_EQ(numbers(planner().up(options)).front(), 1);
  EXPECT_THAT(refusal([&] { planner().down(options); }), HasSubstr("migrate up"));
  ledger[0].dirty_down = true;
  EXPECT_EQ(numbers(planner().down(options)), (Numbers{-1}));
  EXPECT_THAT(refusal([&] { planner().up(options); }), HasSubstr("migrate down"));
}

TEST_F(PlannerTest, StatusTellsTheStates) {
  ledger = {row(1, 1, "shared"), row(2, 2, "shared"), row(900, 3, "qar")};
  ledger[1].checksum = "other";
  std::map<std::uint32_t, MigrationState> states;
  for (const MigrationStatus& status : planner().status())
    states[status.version] = status.state;
  EXPECT_EQ(states.size(), 9U);
  EXPECT_EQ(states[1], MigrationState::applied);
  EXPECT_EQ(states[2], MigrationState::modified);
  EXPECT_EQ(states[21], MigrationState::pending);
  EXPECT_EQ(states[900], MigrationState::owner_absent);
}

TEST_F(PlannerTest, RejectedPluginsBringNothing) {
  plugins[1].state = PluginState::rejected;
  EXPECT_EQ(numbers(planner().up(options)), (Numbers{1, 2, 27, 32, 100}));
}

}  // namespace
}  // namespace qm::migrate

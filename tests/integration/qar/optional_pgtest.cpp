// A plugin that is there but not wanted, wanted, and wanted no more: hosts with qar and without, on
// databases that have it and that never had.
#include <quartermaster/movie.hpp>

#include "qar_database.hpp"

namespace qm::test {
namespace {

using testing::Each;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

std::vector<MigrationStatus> of_qar(const std::vector<MigrationStatus>& all) {
  std::vector<MigrationStatus> out;
  for (const MigrationStatus& status : all) {
    if (status.plugin == "qar") out.push_back(status);
  }
  return out;
}

// The other plugins do their work.
void expect_others_work(Host& host) {
  const auto movies = movie::Client::bind(host).value();
  EXPECT_EQ(movies.count_movies(host.pool()), 0);
}

TEST(Optional, IsOffUnlessNamed) {
  const TestDatabase database;
  Host host(config_for(database.url(), {}));
  const PluginInfo* plugin = host.plugin("qar");
  ASSERT_NE(plugin, nullptr);
  EXPECT_EQ(plugin->state, PluginState::disabled);
  EXPECT_THAT(plugin->reason, HasSubstr("optional"));
  EXPECT_FALSE(qar::Client::bind(host)) << "there is nothing to bind to";
  EXPECT_EQ(host.find_query("qar.GetVoyage"), nullptr);
}

TEST(Optional, ADatabaseThatNeverHadItHasNothingOfIt) {
  const TestDatabase database;
  Host host(config_for(database.url(), {}));
  host.migrator().up();
  EXPECT_THAT(of_qar(host.migrator().status()), IsEmpty());
  EXPECT_EQ(column(database.url(),
                   "select count(*) from pg_class where relnamespace = "
                   "'qar'::regnamespace"),
            "0")
      << "the empty schema is the shared plugin's";
  expect_others_work(host);
}

TEST(Optional, BringsSharedAlongAndNobodyElse) {
  const TestDatabase database;
  Host host(config_for(database.url(), {"qar"}));
  EXPECT_EQ(host.plugin("qar")->state, PluginState::loaded) << host.plugin("qar")->reason;
  EXPECT_EQ(host.plugin("shared")->state, PluginState::loaded);
  EXPECT_EQ(host.plugin("movie")->state, PluginState::disabled);
  EXPECT_THAT(host.plugin("qar")->queries, SizeIs(148));
  EXPECT_TRUE(qar::Client::bind(host));
}

TEST(Optional, IsAddedToADatabaseInUse) {
  const TestDatabase database;
  Host(config_for(database.url(), {})).migrator().up();
  Host host(config_for(database.url(), {"movie", "tvshow", "qar"}));
  EXPECT_THAT(host.migrator().up(), SizeIs(15));
  EXPECT_THAT(of_qar(host.migrator().status()),
              Each(Field(&MigrationStatus::state, MigrationState::applied)));
  expect_others_work(host);
  EXPECT_EQ(qar::Client::bind(host).value().count_crew(host.pool()), 0);
}

class Removed : public testing::Test {
 protected:
  Removed() {
    Host with(config_for(url, {"movie", "tvshow", "qar"}));
    with.migrator().up();
    qar::Client::bind(with).value().create_crew(with.pool(), {.name = "stays"});
  }

  TestDatabase database;
  std::string url = database.url();
};

TEST_F(Removed, ItsVersionsAreShownAsOfAnAbsentOwner) {
  Host host(config_for(url, {}));
  const auto status = host.migrator().status();
  EXPECT_THAT(of_qar(status), SizeIs(15));
  EXPECT_THAT(of_qar(status), Each(Field(&MigrationStatus::state, MigrationState::owner_absent)));
  for (const MigrationStatus& other : status) {
    if (other.plugin == "qar") continue;
    EXPECT_EQ(other.state, MigrationState::applied) << other.version;
  }
}

TEST_F(Removed, EverythingElseWorksAndItsRowsStay) {
  Host host(config_for(url, {}));
  expect_others_work(host);
  EXPECT_THAT(host.migrator().up(), IsEmpty());
  MigratorOptions movie_only;
  movie_only.plugin = "movie";
  const auto down = host.migrator().down(movie_only);
  ASSERT_THAT(down, SizeIs(1));
  EXPECT_EQ(down[0].plugin, "movie");
  EXPECT_THAT(host.migrator().up(), SizeIs(1));
  expect_others_work(host);

  Host again(config_for(url, {"movie", "qar"}));
  EXPECT_THAT(again.migrator().up(), IsEmpty());
  EXPECT_THAT(
      names(qar::Client::bind(again).value().list_crew(again.pool(), {.limit = 10, .offset = 0})),
      testing::ElementsAre("stays"));
}

// Its tables refer to users: what they stand on must not be rolled back while nobody can roll them
// back first.
TEST_F(Removed, WhatItStandsOnStays) {
  Host host(config_for(url, {}));
  EXPECT_THROW(host.migrator().to(0), MigrationError);
  EXPECT_EQ(column(url, "select count(*) from qar.crew"), "1");
}

TEST_F(Removed, TakenDownItLeavesNothing) {
  {
    Host with(config_for(url, {"movie", "qar"}));
    Migrator migrator = with.migrator();
    MigratorOptions qar_only;
    qar_only.plugin = "qar";
    while (!migrator.down(qar_only).empty()) {
    }
  }
  Host host(config_for(url, {}));
  EXPECT_THAT(of_qar(host.migrator().status()), IsEmpty());
  EXPECT_EQ(column(url, "select count(*) from pg_class where relnamespace = 'qar'::regnamespace"),
            "0");
  expect_others_work(host);
  EXPECT_THAT(host.migrator().to(0), Not(IsEmpty()));
}

}  // namespace
}  // namespace qm::test

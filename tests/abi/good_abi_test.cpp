// Plugins that keep the rules: found, loaded in order, listed, bound, started and stopped once.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <quartermaster/host.hpp>
#include <string>
#include <thread>
#include <vector>

#include "plugin/sha256.hpp"
#include "plugin_directory.hpp"

namespace qm::test {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* signature = "one () -> (one integer)";

std::vector<std::string> states(const Host& host) {
  std::vector<std::string> list;
  for (const PluginInfo& info : host.plugins()) {
    list.push_back(info.id + " " + to_string(info.state));
  }
  return list;
}

TEST(GoodPlugin, IsLoadedAndListed) {
  const PluginDirectory directory;
  const auto manifest = directory.install({.id = "alpha"});
  const Host host(config_for({directory.path()}));
  ASSERT_EQ(host.plugins().size(), 1U);
  const PluginInfo* info = host.plugin("alpha");
  ASSERT_NE(info, nullptr);
  EXPECT_EQ(info->state, PluginState::loaded) << info->reason;
  EXPECT_EQ(info->reason, "");
  EXPECT_EQ(info->name, "Fixture alpha");
  EXPECT_EQ(info->version, "1.0.0");
  EXPECT_EQ(info->manifest, manifest);
  EXPECT_EQ(info->library, directory.path() / "alpha.so");
  EXPECT_EQ(info->sha256.size(), 64U);
  ASSERT_EQ(info->ranges.size(), 1U);
  EXPECT_EQ(info->ranges[0].last, 9U);
  ASSERT_EQ(info->migrations.size(), 1U);
  EXPECT_EQ(info->migrations[0].up_sql, "SELECT 1");
  ASSERT_EQ(info->queries.size(), 1U);
  EXPECT_EQ(host.plugin("beta"), nullptr);
}

TEST(GoodPlugin, IsBoundByTypedClients) {
  const PluginDirectory directory;
  directory.install({.id = "alpha"});
  const Host host(config_for({directory.path()}));
  const auto hash = plugin::leading_64_bits(plugin::sha256(signature));
  const auto query = host.bind_query("alpha", "GetOne", hash, signature);
  ASSERT_TRUE(query) << query.error().what();
  EXPECT_EQ((*query)->sql, "SELECT 1 AS one");
  EXPECT_EQ((*query)->full_name, "alpha.GetOne");
  EXPECT_EQ((*query)->kind, QueryKind::one);
  EXPECT_EQ(host.find_query("alpha.GetOne"), *query);
  EXPECT_EQ(host.find_query("alpha.GetTwo"), nullptr);
  EXPECT_EQ(host.bind_query("alpha", "GetTwo", hash, signature).error().failure(),
            BindFailure::query_missing);
  EXPECT_EQ(host.bind_query("alpha", "GetOne", 1, "exec () -> ()").error().failure(),
            BindFailure::signature_mismatch);
}

TEST(GoodPlugin, BoundQueriesOutliveTheHost) {
  const PluginDirectory directory;
  directory.install({.id = "alpha"});
  const RegisteredQuery* query = nullptr;
  {
    const Host host(config_for({directory.path()}));
    query = host.find_query("alpha.GetOne");
    ASSERT_NE(query, nullptr);
  }
  EXPECT_EQ(query->sql, "SELECT 1 AS one");
  const Host again(config_for({directory.path()}));
  EXPECT_EQ(again.find_query("alpha.GetOne"), query);
}

TEST(GoodPlugins, StartInDependencyOrderAndStopInReverse) {
  const PluginDirectory directory;
  const FixtureLog log;
  directory.install_chain();
  {
    const Host host(config_for({directory.path()}));
    EXPECT_THAT(states(host), ElementsAre("alpha loaded", "beta loaded", "gamma loaded"));
  }
  EXPECT_THAT(log.lines(),
              ElementsAre("entry alpha", "start alpha", "entry beta", "start beta", "entry gamma",
                          "start gamma", "stop gamma", "stop beta", "stop alpha"));
}

TEST(GoodPlugins, AreFoundThroughTheEnvironment) {
  const PluginDirectory first;
  const PluginDirectory second;
  first.install({.id = "alpha"});
  second.install({.id = "beta", .dependencies = R"({"id": "alpha", "version": ">=1.0.0 <2.0.0"})"});
  const std::string value = first.path().native() + "::" + second.path().native();
  ::setenv("QUARTERMASTER_PLUGIN_PATH", value.c_str(), 1);  // NOLINT(concurrency-mt-unsafe)
  const Host host(config_for({}));
  ::unsetenv("QUARTERMASTER_PLUGIN_PATH");  // NOLINT(concurrency-mt-unsafe)
  EXPECT_THAT(states(host), ElementsAre("alpha loaded", "beta loaded"));
}

TEST(GoodPlugins, ADirectoryNamedTwiceCountsOnce) {
  const PluginDirectory directory;
  directory.install({.id = "alpha"});
  const Host host(config_for({directory.path(), directory.path() / "."}));
  EXPECT_THAT(states(host), ElementsAre("alpha loaded"));
}

TEST(GoodPlugins, WriteToTheHostsLog) {
  const PluginDirectory directory;
  directory.install({.id = "alpha"});
  const auto notes = std::make_shared<NoteRecorder>();
  const Host host(config_for({directory.path()}), notes);
  EXPECT_THAT(notes->notes(), Contains("plugin alpha: started"));
}

TEST(Hosts, ShareALibraryWhileItRuns) {
  const PluginDirectory directory;
  const FixtureLog log;
  directory.install({.id = "alpha"});
  auto first = std::make_unique<Host>(config_for({directory.path()}));
  auto second = std::make_unique<Host>(config_for({directory.path()}));
  EXPECT_EQ(second->plugin("alpha")->state, PluginState::loaded) << second->plugin("alpha")->reason;
  first.reset();
  EXPECT_THAT(log.lines(), ElementsAre("entry alpha", "start alpha"));
  second.reset();
  EXPECT_THAT(log.lines(), ElementsAre("entry alpha", "start alpha", "stop alpha"));
}

// start() and stop() are called once for a library: what comes after stop() is a fresh image, with
// its own variables ("again" would be in the log otherwise).
TEST(Hosts, AfterStopALibraryIsLoadedAfresh) {
  const PluginDirectory directory;
  const FixtureLog log;
  directory.install({.id = "alpha"});
  for (int i = 0; i < 3; ++i) {
    const Host host(config_for({directory.path()}));
    ASSERT_EQ(host.plugin("alpha")->state, PluginState::loaded) << host.plugin("alpha")->reason;
  }
  EXPECT_EQ(log.lines_of("entry").size(), 3U);
  EXPECT_EQ(log.lines_of("start").size(), 3U);
  EXPECT_EQ(log.lines_of("stop").size(), 3U);
  EXPECT_THAT(log.lines_of("again"), IsEmpty());
}

TEST(Hosts, WithoutStopALibraryIsLoadedOnce) {
  const PluginDirectory directory;
  const FixtureLog log;
  directory.install({.id = "data"});
  directory.install_library("no_stop", "no_stop.so");
  for (int i = 0; i < 3; ++i) {
    const Host host(config_for({directory.path()}));
    ASSERT_EQ(host.plugin("data")->state, PluginState::loaded) << host.plugin("data")->reason;
  }
  EXPECT_THAT(log.lines(), ElementsAre("entry data"));
}

TEST(Hosts, StartIsNotRepeatedWhereThereIsNoStop) {
  const PluginDirectory directory;
  const FixtureLog log;
  directory.install({.id = "no_stop"});
  for (int i = 0; i < 2; ++i) {
    const Host host(config_for({directory.path()}));
    ASSERT_EQ(host.plugin("no_stop")->state, PluginState::loaded);
  }
  EXPECT_THAT(log.lines(), ElementsAre("entry no_stop", "start no_stop"));
}

TEST(Hosts, ComeAndGoOnSeveralThreads) {
  const PluginDirectory directory;
  const FixtureLog log;
  directory.install_chain();
  const auto notes = std::make_shared<NoteRecorder>();
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < 5; ++round) {
        const Host host(config_for({directory.path()}), notes);
        EXPECT_EQ(host.plugin("gamma")->state, PluginState::loaded);
        EXPECT_NE(host.find_query("beta.GetOne"), nullptr);
      }
    });
  }
  for (std::thread& thread : threads)
    thread.join();
  EXPECT_EQ(log.lines_of("start").size(), log.lines_of("stop").size());
  EXPECT_EQ(log.lines_of("start").size(), log.lines_of("entry").size());
  EXPECT_THAT(log.lines_of("again"), IsEmpty());
}

TEST(Hosts, Move) {
  const PluginDirectory directory;
  const FixtureLog log;
  directory.install({.id = "alpha"});
  {
    Host host(config_for({directory.path()}));
    const Host moved(std::move(host));
    EXPECT_NE(moved.find_query("alpha.GetOne"), nullptr);
  }
  EXPECT_THAT(log.lines_of("stop"), ElementsAre("alpha"));
}

TEST(Enabled, OptionalPluginsAreOffUnlessNamed) {
  const PluginDirectory directory;
  directory.install({.id = "alpha", .optional = true});
  directory.install({.id = "data"});
  {
    const Host host(config_for({directory.path()}));
    EXPECT_THAT(states(host), ElementsAre("data loaded", "alpha disabled"));
    EXPECT_THAT(host.plugin("alpha")->reason, HasSubstr("optional"));
    EXPECT_EQ(host.bind_query("alpha", "GetOne", 0, signature).error().failure(),
              BindFailure::plugin_absent);
  }
  const Host host(config_for({directory.path()}, {"alpha"}));
  EXPECT_THAT(states(host), ElementsAre("alpha loaded", "data disabled"));
}

TEST(Enabled, DependenciesComeAlong) {
  const PluginDirectory directory;
  directory.install_chain();
  const Host host(config_for({directory.path()}, {"beta"}));
  EXPECT_THAT(states(host), ElementsAre("alpha loaded", "beta loaded", "gamma disabled"));
}

TEST(Enabled, AnOptionalDependencyIsNotDrawnIn) {
  const PluginDirectory directory;
  directory.install({.id = "alpha", .optional = true});
  directory.install(
      {.id = "beta", .dependencies = R"({"id": "alpha", "version": ">=1.0.0 <2.0.0"})"});
  const Host host(config_for({directory.path()}));
  EXPECT_THAT(states(host), ElementsAre("alpha disabled", "beta rejected"));
  EXPECT_THAT(host.plugin("beta")->reason, HasSubstr("add alpha to plugins.enabled"));
}

TEST(Enabled, AnUnknownNameIsAConfigError) {
  const PluginDirectory directory;
  directory.install({.id = "alpha"});
  try {
    const Host host(config_for({directory.path()}, {"alhpa"}));
    FAIL() << "accepted";
  } catch (const ConfigError& error) {
    EXPECT_EQ(error.report().object, "plugins.enabled");
    EXPECT_EQ(error.report().expected, "one of alpha");
    EXPECT_EQ(error.report().found, "alhpa");
  }
}

TEST(Directories, MissingIsAConfigError) {
  const PluginDirectory directory;
  try {
    const Host host(config_for({directory.path() / "nowhere"}));
    FAIL() << "accepted";
  } catch (const ConfigError& error) {
    EXPECT_EQ(error.report().object, "plugins.directories");
    EXPECT_THAT(error.report().found, HasSubstr("nowhere: No such file"));
    EXPECT_NE(error.report().hint, "");
  }
}

TEST(Directories, EmptyIsAConfigError) {
  const PluginDirectory directory;
  try {
    const Host host(config_for({directory.path()}));
    FAIL() << "accepted";
  } catch (const ConfigError& error) {
    EXPECT_EQ(error.report().object, "plugins.directories");
    EXPECT_EQ(error.report().found, "none in " + directory.path().string());
  }
}

}  // namespace
}  // namespace qm::test

// Databases that the former single sequence of 42 versions left behind, as golang-migrate keeps
// them: made here from our files in its order. Needs a server.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <quartermaster/migrator.hpp>

#include "database_text.hpp"
#include "refusal.hpp"
#include "shipped_migrations.hpp"
#include "test_database.hpp"

namespace qm::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr std::uint32_t last_former = 42;

// The numbers from 33 on; those before have not changed.
std::vector<std::uint32_t> versions_of_former(std::uint32_t number) {
  static const std::map<std::uint32_t, std::vector<std::uint32_t>> later{
      {33, {100}}, {34, {200}}, {35, {201, 300}}, {36, {202}}, {37, {101}},
      {38, {102}}, {39, {103}}, {40, {203, 301}}, {41, {302}}, {42, {104}}};
  const auto found = later.find(number);
  return found != later.end() ? found->second : std::vector<std::uint32_t>{number};
}

std::string up_sql(std::uint32_t version) {
  for (const PluginInfo& plugin : shipped_plugins()) {
    for (const Migration& migration : plugin.migrations)
      if (migration.version == version) return migration.up_sql;
  }
  ADD_FAILURE() << "no version " << version;
  return {};
}

class Adopt : public ::testing::Test {
 protected:
  // Goes up to this number, as the former stack did.
  void former_up(std::uint32_t number) {
    while (at_ < number) {
      ++at_;
      for (const std::uint32_t version : versions_of_former(at_))
        run_sql(url, up_sql(version));
    }
  }
  void record(std::int64_t number, bool dirty, const std::string& table = "schema_migrations") {
    run_sql(url, fmt::format("create table if not exists {0} (version bigint not null primary key, "
                             "dirty boolean not null); truncate {0}; insert into {0} values ({1}, "
                             "{2})",
                             table, number, dirty));
  }
  void forget_adoption() { run_sql(url, "drop schema if exists quartermaster cascade"); }

  // The ledger has what belongs to this number, in the former order, and says where it came from.
  void expect_adopted(std::uint32_t number) {
    std::string wanted;
    for (std::uint32_t n = 1; n <= number; ++n) {
      for (const std::uint32_t version : versions_of_former(n))
        wanted += fmt::format("{}{}", wanted.empty() ? "" : " ", version);
    }
    EXPECT_EQ(column(url,
                     "select string_agg(version::text, ' ' order by ordinal) from "
                     "quartermaster.migrations"),
              wanted);
    EXPECT_EQ(column(url,
                     "select string_agg(version::text, ' ' order by id) from "
                     "quartermaster.migration_events where outcome = 'adopted'"),
              wanted);
  }

  std::string refused(const AdoptOptions& adopt_options = {}, const MigratorOptions& options = {}) {
    const std::string message =
        refusal<MigrationError>([&] { migrator.adopt(adopt_options, options); });
    EXPECT_EQ(column(url, "select to_regclass('quartermaster.migrations') is null"), "t");
    return message;
  }

  const TestDatabase database;
  const std::string url = database.url();
  Migrator migrator{url, shipped_plugins()};

 private:
  std::uint32_t at_ = 0;
};

class AdoptAt : public Adopt, public ::testing::WithParamInterface<std::uint32_t> {};

TEST_P(AdoptAt, EveryStateIsFound) {
  const std::uint32_t number = GetParam();
  // Its way up failed.
  former_up(number - 1);
  record(number, true);
  EXPECT_EQ(migrator.adopt().former, number - 1);
  if (number > 1) expect_adopted(number - 1);
  forget_adoption();
  // Its way up was done, and the mark stayed; or the way down from the next one was.
  former_up(number);
  EXPECT_EQ(migrator.adopt().former, number);
  expect_adopted(number);
  forget_adoption();
  if (number < last_former) {
    // The way down from the next one failed.
    former_up(number + 1);
    EXPECT_EQ(migrator.adopt().former, number + 1);
    expect_adopted(number + 1);
    forget_adoption();
  }
}

TEST_P(AdoptAt, GoesOnToTheNewest) {
  former_up(GetParam());
  record(GetParam(), false);
  const Adoption adoption = migrator.adopt();
  EXPECT_EQ(adoption.recorded, GetParam());
  EXPECT_EQ(adoption.former, GetParam());
  EXPECT_FALSE(adoption.dirty);
  expect_adopted(GetParam());
  migrator.up();
  run_sql(url, "drop table schema_migrations");
  EXPECT_EQ(catalog_facts(url), expected("catalog_302.txt"));
  EXPECT_EQ(seed_rows(url), expected("seed_032.txt"));
  EXPECT_TRUE(migrator.drift().empty());
}

INSTANTIATE_TEST_SUITE_P(Former, AdoptAt, ::testing::Range(1U, last_former + 1));

TEST_F(Adopt, NothingAppliedIsNothingToAdopt) {
  record(-1, true);
  EXPECT_EQ(migrator.adopt().former, 0U);
  run_sql(url, "truncate schema_migrations");
  const Adoption adoption = migrator.adopt();
  EXPECT_TRUE(adoption.steps.empty());
  EXPECT_EQ(column(url, "select to_regnamespace('quartermaster') is null"), "t");
  EXPECT_EQ(migrator.up().size(), versions_of(shipped_plugins()).size());
}

// The way down from the first version failed: golang-migrate writes -1 then.
TEST_F(Adopt, TheFirstVersionIsFoundBehindNone) {
  former_up(1);
  record(-1, true);
  EXPECT_EQ(migrator.adopt().former, 1U);
  expect_adopted(1);
}

TEST_F(Adopt, DryRunChangesNothing) {
  former_up(5);
  record(5, false);
  const std::string before = catalog(url);
  AdoptOptions options;
  options.dry_run = true;
  EXPECT_EQ(migrator.adopt(options).steps.size(), 5U);
  EXPECT_EQ(catalog(url), before);
  EXPECT_EQ(column(url, "select to_regnamespace('quartermaster') is null"), "t");
  EXPECT_EQ(migrator.version().version, 0U);
}

TEST_F(Adopt, AVersionThatSomebodyNamesNeedsNoTable) {
  former_up(36);
  AdoptOptions options;
  options.at = 36;
  EXPECT_EQ(migrator.adopt(options).former, 36U);
  expect_adopted(36);
}

TEST_F(Adopt, TheTableMayHaveAnotherName) {
  former_up(2);
  run_sql(url, "create schema \"Old one\"");
  record(2, false, R"("Old one"."the ""versions""")");
  AdoptOptions options;
  options.table = R"("Old one"."the ""versions""")";
  EXPECT_EQ(migrator.adopt(options).former, 2U);
}

// Other tables are the application's own; the places of columns follow their history.
TEST_F(Adopt, WhatIsNotOfTheSequenceDoesNotCount) {
  former_up(8);
  run_sql(url,
          "create table public.notes (id int); create schema other; "
          "create function public.mine() returns int language sql return 1");
  record(8, false);
  EXPECT_EQ(migrator.adopt().former, 8U);
}

TEST_F(Adopt, ASchemaThatFitsNoVersionIsRefusedWithTheDifferences) {
  former_up(12);
  record(12, false);
  run_sql(url,
          "alter table shared.users add column nickname text; "
          "alter table shared.sessions drop column user_agent; "
          "drop index shared.idx_users_active; "
          "create table public.movies (id int)");
  EXPECT_THAT(
      refused(),
      AllOf(HasSubstr("expected that of version 12"), HasSubstr("4 differences from version 12"),
            HasSubstr("column shared.users.nickname: expected nothing, found text"),
            HasSubstr("column shared.sessions.user_agent: expected text"),
            HasSubstr("index shared.users.idx_users_active"),
            HasSubstr("table public.movies: expected nothing"), HasSubstr("--at")));
}

// One that claims less than it has, and one that claims more.
TEST_F(Adopt, AWrongNumberIsRefused) {
  former_up(10);
  record(9, false);
  EXPECT_THAT(refused(), HasSubstr("table shared.email_verification_tokens: expected nothing"));
  record(11, false);
  EXPECT_THAT(refused(), HasSubstr("table shared.casbin_rule: expected table"));
  record(12, true);
  EXPECT_THAT(refused(), AllOf(HasSubstr("version 11 or version 12 or version 13"),
                               HasSubstr("2 differences from version 11")));
}

TEST_F(Adopt, WhatTheTablesRowsLeaveOpenIsNotGuessed) {
  former_up(28);
  run_sql(url,
          "delete from shared.casbin_rule where id = (select max(id) from shared.casbin_rule)");
  record(28, true);  // 28 or 29: the same tables
  EXPECT_THAT(refused(), AllOf(HasSubstr("recorded versions 28 and 29"),
                               HasSubstr("rows that the later one writes"), HasSubstr("--at")));
  AdoptOptions options;
  options.at = 28;
  EXPECT_EQ(migrator.adopt(options).former, 28U);
}

TEST_F(Adopt, VersionsThatNothingTellsApartAreRefused) {
  run_sql(url, "create table public.t (a int)");
  record(2, true);
  Migrator own(
      url, {made_up_plugin("own", {made_up_migration(1, "t", "create table public.t (a int)"),
                                   made_up_migration(2, "rows", "update public.t set a = 1")})});
  EXPECT_THAT(refusal<MigrationError>([&] { own.adopt(); }),
              HasSubstr("the later one changes neither the schema nor rows of its own"));
}

TEST_F(Adopt, NumbersNobodyHasAreRefused) {
  former_up(3);
  record(99, false);
  EXPECT_THAT(refused(), AllOf(HasSubstr("recorded version 99"), HasSubstr("up to 105")));
  record(20240101120000, false);
  EXPECT_THAT(refused(), HasSubstr("recorded version 20240101120000"));
}

TEST_F(Adopt, PluginsThatAreMissingAreToldOf) {
  former_up(33);
  record(33, false);
  Migrator partial(url, {shipped_plugins()[0], shipped_plugins()[1]});
  EXPECT_THAT(refusal<MigrationError>([&] { partial.adopt(); }),
              AllOf(HasSubstr("none that has 32"), HasSubstr("--allow-missing")));
  AdoptOptions options;
  options.allow_missing = true;
  EXPECT_EQ(partial.adopt(options).former, 33U);
  EXPECT_EQ(column(url, "select count(*) from quartermaster.migrations"), "32");
}

TEST_F(Adopt, OddTablesAreRefused) {
  EXPECT_THAT(refused(), AllOf(HasSubstr("table schema_migrations"), HasSubstr("no such table"),
                               HasSubstr("--table")));
  run_sql(url, "create table schema_migrations (version varchar(255) primary key)");
  EXPECT_THAT(refused(), HasSubstr("found version character varying"));
  run_sql(url, "drop table schema_migrations");
  record(1, false);
  run_sql(url, "insert into schema_migrations values (2, false)");
  EXPECT_THAT(refused(), HasSubstr("expected one row, found several"));
  AdoptOptions options;
  options.table = "a..b";
  EXPECT_THAT(refused(options), HasSubstr("table a..b"));
  options.table = "";
  EXPECT_THAT(refused(options), HasSubstr("a table's name"));
}

TEST_F(Adopt, ACommentThatIsNoNumberIsRefused) {
  record(1, false);
  for (const char* number : {"", "x", "-1", "0", "1 2", "99999999999999999999"}) {
    Migrator own(
        url,
        {made_up_plugin(
            "own", {made_up_migration(
                       1, "t", fmt::format("-- quartermaster: formerly {}\nselect 1", number))})});
    EXPECT_THAT(refusal<MigrationError>([&] { own.adopt(); }),
                AllOf(HasSubstr("000001_t.up.sql (own)"), HasSubstr("formerly NUMBER")))
        << number;
  }
}

TEST_F(Adopt, ALedgerThatHasVersionsIsLeftAlone) {
  former_up(2);
  record(2, false);
  migrator.adopt();
  EXPECT_THAT(refusal<MigrationError>([&] { migrator.adopt(); }),
              HasSubstr("2 versions: it is adopted already"));
  expect_adopted(2);
}

// As IEEE 802.3 has it, bit by bit.
std::uint32_t crc32(std::string_view text) {
  std::uint32_t crc = 0xffffffff;
  for (const char c : text) {
    crc ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; ++bit)
      crc = (crc >> 1U) ^ ((crc & 1U) != 0 ? 0xedb88320 : 0U);
  }
  return ~crc;
}

// golang-migrate holds its advisory lock from before it writes the dirty mark until it is done.
TEST_F(Adopt, WaitsForGolangMigrate) {
  former_up(2);
  record(2, false);
  const std::string now =
      std::string("public") + '\0' + "schema_migrations" + '\0' + database.name();
  ASSERT_EQ(crc32("123456789"), 0xcbf43926);
  MigratorOptions options;
  options.wait_timeout = std::chrono::milliseconds{20};
  for (const std::string& names : {now, database.name()}) {
    const auto other = connect(url);
    other->execute_script(
        fmt::format("set application_name = 'golang'; select pg_advisory_lock({})",
                    std::uint32_t{crc32(names) * 1486364155}));
    EXPECT_THAT(refused({}, options), AllOf(HasSubstr("migration lock"), HasSubstr("(golang)")));
  }
  EXPECT_EQ(migrator.adopt().former, 2U);
}

}  // namespace
}  // namespace qm::test

// The lint's verdicts: for each rule what it finds, what is like it and safe, and how a finding is
// kept away.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <quartermaster/migration_lint.hpp>
#include <set>
#include <string>

namespace qm {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// "line rule detail", in order.
std::vector<std::string> findings(const std::string& up, bool transactional = true,
                                  const std::string& down = "select 1") {
  std::vector<std::string> all;
  for (const LintFinding& each : lint({"f", up, down, transactional})) {
    all.push_back(std::to_string(each.line) + " " + each.rule->id +
                  (each.detail.empty() ? "" : " " + each.detail));
  }
  return all;
}

struct Case {
  const char* rule;
  const char* unsafe;
  const char* detail;
  const char* safe;
};

class Lint : public testing::TestWithParam<Case> {};

TEST_P(Lint, FindsTheUnsafeAndNotTheSafe) {
  const Case& example = GetParam();
  const std::string detail = *example.detail == '\0' ? "" : std::string(" ") + example.detail;
  EXPECT_THAT(findings(example.unsafe), ElementsAre("1 " + std::string(example.rule) + detail));
  const bool concurrent = std::string(example.safe).find("concurrently") != std::string::npos;
  EXPECT_THAT(findings(example.safe, !concurrent), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(
    Rules, Lint,
    testing::Values(
        Case{"index-blocks-writes", "create index i on s.t (a)", "s.t",
             "create index concurrently i on s.t (a)"},
        Case{"index-blocks-writes",
             "CREATE UNIQUE INDEX IF NOT EXISTS i ON ONLY \"S\".t USING gin (a)", "S.t",
             "create table s.t (a int); create unique index on s.t (a)"},
        Case{"drop-index-blocks", "drop index if exists s.i", "", "drop index concurrently s.i"},
        Case{"concurrently-in-transaction", "create index concurrently i on s.t (a)", "",
             "create index concurrently i on s.t (a)"},
        Case{"column-rewrites-table",
             "alter table s.t add column id uuid default gen_random_uuid()", "s.t.id",
             "alter table s.t add column at timestamptz default now()"},
        Case{"column-rewrites-table", "alter table s.t add n bigserial", "s.t.n",
             "alter table s.t add n bigint default 7"},
        Case{"column-rewrites-table",
             "alter table s.t add column b int generated always as (a + 1) stored", "s.t.b",
             "alter table s.t alter column b set default random()"},
        Case{"not-null-without-default", "alter table s.t add column a int not null", "s.t.a",
             "alter table s.t add column a int not null default 0"},
        Case{"not-null-scans", "alter table s.t alter column a set not null", "s.t.a",
             "alter table s.t alter column a drop not null"},
        Case{"type-rewrites-table", "alter table s.t alter a type bigint", "s.t.a",
             "alter table s.t alter a set statistics 100"},
        Case{"type-rewrites-table", "alter table s.t alter column a set data type text", "s.t.a",
             "create table s.t (a int); alter table s.t alter a type bigint"},
        Case{"constraint-scans", "alter table s.t add constraint c check (a > 0)", "s.t",
             "alter table s.t add constraint c check (a > 0) not valid"},
        Case{"constraint-scans", "alter table only s.t add foreign key (a) references s.u", "s.t",
             "alter table s.t validate constraint c"},
        Case{"constraint-scans", "alter table s.t add column a int check (a > 0)", "s.t.a",
             "alter table s.t add column a int references s.u"},
        Case{"constraint-builds-index", "alter table s.t add constraint c unique (a)", "s.t",
             "alter table s.t add constraint c unique using index i"},
        Case{"constraint-builds-index", "alter table s.t add primary key (a)", "s.t",
             "create table s.t (a int); alter table s.t add primary key (a)"},
        Case{"removes-data", "alter table if exists s.t drop column if exists a", "s.t.a",
             "alter table s.t drop constraint c"},
        Case{"removes-data", "drop table if exists s.t", "s.t",
             "create temp table scratch (a int); drop table scratch"},
        Case{"renames", "alter table s.t rename column a to b", "s.t",
             "comment on table s.t is 'x'"},
        Case{"renames", "alter table s.t set schema u", "s.t",
             "create view u.t as select * from s.t"},
        Case{"renames", "alter type s.mood rename to feeling", "",
             "alter type s.mood add value 'glad'"},
        Case{"cascade", "drop view s.v cascade", "", "drop view s.v"},
        Case{"backfill-under-lock",
             "alter table s.t add column a int; update s.t set a = 1 where a is null", "s.t",
             "update s.t set a = 1 where a is null"},
        Case{"changes-all-rows", "update s.t set a = 1", "s.t",
             "create table s.t (a int); update s.t set a = 1"},
        Case{"changes-all-rows", "delete from s.t", "s.t", "delete from s.t where old"},
        Case{"exclusive-lock", "truncate table s.t", "s.t", "insert into s.t values (1)"},
        Case{"exclusive-lock", "refresh materialized view s.v", "s.v",
             "refresh materialized view concurrently s.v"},
        Case{"exclusive-lock", "alter table s.t set unlogged", "s.t",
             "alter table s.t set (fillfactor = 70)"},
        Case{"lock-timeout-off", "set local lock_timeout = 0", "",
             "set local lock_timeout = '10s'"}),
    [](const auto& instance) { return std::to_string(instance.index); });

TEST(LintRules, AreAllTried) {
  std::set<std::string> ids;
  for (const LintRule& rule : lint_rules()) {
    EXPECT_TRUE(ids.insert(rule.id).second) << rule.id;
    EXPECT_STRNE(rule.reason, "");
    EXPECT_STRNE(rule.remedy, "");
  }
  EXPECT_EQ(ids.size(), 18U) << "a new rule needs an unsafe and a safe example above";
}

TEST(LintText, WordsInStringsCommentsAndBodiesAreNotRead) {
  EXPECT_THAT(findings("select 'drop table t'; -- drop table t\n"
                       "/* drop table t */ select \"drop\";\n"
                       "create function f() returns void language sql as $$ drop table t $$;\n"
                       "create function g() returns void begin atomic delete from t; end;"),
              IsEmpty());
}

TEST(LintText, FindingsHaveTheirLines) {
  EXPECT_THAT(
      findings("\n\nselect 1;\n\n-- one\ndrop table a.b;\nalter table s.t\n  drop column x,\n"
               "  alter column y set not null;\n"),
      ElementsAre("6 removes-data a.b", "7 removes-data s.t.x", "7 not-null-scans s.t.y"));
}

TEST(LintText, AVersionWithoutAWayBackIsFound) {
  EXPECT_THAT(findings("select 1", true, " -- nothing\n"), ElementsAre("1 no-way-back"));
  const std::vector<LintFinding> none = lint({"f", "select 1", std::nullopt, true});
  ASSERT_EQ(none.size(), 1U);
  EXPECT_STREQ(none[0].rule->id, "no-way-back");
}

TEST(LintSuppressions, KeepOneFindingAway) {
  EXPECT_THAT(findings("select 1;\n-- quartermaster: allow removes-data: unused since 1.2\n"
                       "drop table s.t;\ndrop table s.u;"),
              ElementsAre("4 removes-data s.u"));
}

TEST(LintSuppressions, AtTheTopAreForTheWholeVersion) {
  EXPECT_THAT(findings("-- What it is for.\n"
                       "-- quartermaster: allow removes-data, no-way-back: all of it is old\n"
                       "drop table s.t;\ndrop table s.u;",
                       true, ""),
              IsEmpty());
}

TEST(LintSuppressions, NeedARuleAReasonAndAFinding) {
  EXPECT_THAT(findings("select 1;\n-- quartermaster: allow everything: please\n"
                       "-- quartermaster: allow removes-data\n"
                       "-- quartermaster: allow removes-data: \n"
                       "-- quartermaster: allow renames: nothing here\nselect 2;"),
              ElementsAre("2 bad-suppression there is no rule 'everything'",
                          "3 bad-suppression removes-data without a reason",
                          "4 bad-suppression removes-data without a reason",
                          "5 bad-suppression renames finds nothing"));
}

TEST(LintText, SurvivesAnything) {
  for (const char* text :
       {"", ";", "create", "create index", "create index on", "alter table", "alter table s.t add",
        "alter table s.t add constraint", "drop", "\"", "alter table s.t alter column", "$$", "/*",
        "create table", "update", "alter table s.t add column a (((", "lock", "\xff\xfe"}) {
    EXPECT_NO_THROW(findings(text)) << text;
  }
}

}  // namespace
}  // namespace qm

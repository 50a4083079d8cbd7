// Queries described on a real server: types, NULL, number of rows, whole rows, and every refusal
// at its place in the file.
#include "codegen/describe.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "database_text.hpp"
#include "described.hpp"

namespace qm::codegen {
namespace {

using test::Described;
using test::fault;
using test::migration;

constexpr const char* schema = R"(
create table a (id integer not null, name text, label varchar(9) not null);
create table b (id integer primary key, a_id integer not null, at timestamptz);
create view v as select a.id, b.id as b_id from a left join b on a.id = b.a_id;
create table parent (id integer not null);
create table child (more text) inherits (parent);
create table loose (id integer not null);
create table loose_child () inherits (loose);
create table parted (id integer not null, x integer) partition by range (id);
create table parted_1 partition of parted for values from (0) to (10);
create table ruled (id integer not null);
create rule r as on insert to ruled do instead select null::integer as id;
create schema s;
create type s.mood as enum ('good', 'bad');
create domain s.positive as integer check (value > 0);
create type s.pair as (x integer, y text);
create table s.t (m s.mood not null, ms s.mood[], p s.positive not null, q s.pair, g point, r int4range);
create sequence s.numbers;
create function s.pick() returns s.mood language sql as $$ select 'good'::s.mood $$;
)";

class Describe : public testing::Test {
 protected:
  Described db_{schema};
};

TEST_F(Describe, NamesTypesAndNullability) {
  EXPECT_EQ(db_.columns("select id, name, label, 1::bigint as n, now() from a"),
            "id integer, name text?, label character varying, n bigint, now timestamp with time "
            "zone");
  EXPECT_EQ(db_.parameters("select @a::int, sqlc.narg(b)::text from a where id = @c"),
            "a integer, b text?, c integer");
}

TEST_F(Describe, AnEmbedIsARowOfItsTable) {
  const LockEntry entry = db_.entry(
      "select 1 as one, sqlc.embed(a), sqlc.embed(x) from a left join b x on a.id = x.a_id",
      ":many");
  const auto& columns = entry.columns;
  ASSERT_EQ(columns.size(), 7U);
  EXPECT_EQ(columns[0].embed, "");
  EXPECT_EQ(columns[1].embed, "a");
  EXPECT_FALSE(columns[1].optional_embed);
  EXPECT_EQ(columns[4].embed, "x");
  EXPECT_TRUE(columns[4].optional_embed);
  EXPECT_FALSE(columns[4].nullable) << "as the table has it";
  EXPECT_TRUE(may_be_null(columns[4]));
  EXPECT_EQ(db_.refused_text("-- name: Q :many\nselect sqlc.embed(x) from (select 1) x"),
            "q.sql:2:8: query Q: expected a table in sqlc.embed(), found x (of anything else list "
            "the columns)");
}

TEST_F(Describe, ASliceIsAnArrayOfWhatItIsComparedWith) {
  EXPECT_EQ(db_.parameters("select id from a where id in (sqlc.slice(ids)) and label not in "
                           "(sqlc.slice(labels))"),
            "ids integer[], labels text[]");
}

TEST_F(Describe, KnowsWhichSideAnOuterJoinExtends) {
  EXPECT_EQ(db_.columns("select a.id, b.id as b from a join b on a.id = b.a_id"),
            "id integer, b integer");
  EXPECT_EQ(db_.columns("select a.id, b.id as b from a left join b on a.id = b.a_id"),
            "id integer, b integer?");
  EXPECT_EQ(db_.columns("select a.id, b.id as b from a right outer join b on a.id = b.a_id"),
            "id integer?, b integer");
  EXPECT_EQ(db_.columns("select a.id, b.id as b from a full join b on a.id = b.a_id"),
            "id integer?, b integer?");
  EXPECT_EQ(db_.columns("select x.b from (select b.id as b from a left join b on true) x"),
            "b integer?");
  EXPECT_EQ(db_.columns("with x as (select b.id from a left join b on true) select id from x"),
            "id integer?");
  EXPECT_EQ(db_.columns("with x as (select id from a) select id from x"), "id integer");
}

TEST_F(Describe, ProvesCoalesceCountAndExists) {
  EXPECT_EQ(db_.columns("select coalesce(name, '') as x, coalesce(name, label) as y from a"),
            "x text, y text");
  EXPECT_EQ(db_.columns("select count(*), sum(id), max(id), coalesce(sum(id), 0) as s from a"),
            "count bigint, sum bigint?, max integer?, s bigint");
  EXPECT_EQ(db_.columns("select exists (select from a), not exists (select from a) as n"),
            "exists boolean, n boolean");
  EXPECT_EQ(
      db_.columns("select coalesce(label, 'x') as l from a group by rollup (coalesce(label, 'x'))"),
      "l character varying?");
}

TEST_F(Describe, LooksIntoSetOperationsAndViews) {
  EXPECT_EQ(db_.columns("select id from a union select null"), "id integer?");
  EXPECT_EQ(db_.columns("select id from (select id from a union all select null) x"),
            "id integer?");
  EXPECT_EQ(db_.columns("select id, b_id from v"), "id integer, b_id integer?");
  EXPECT_EQ(db_.columns("select b_id from v where b_id > 1"), "b_id integer");
  EXPECT_EQ(db_.columns("values (1), (null)"), "column1 integer?");
}

TEST_F(Describe, BelievesConditionsThatEveryRowHasPassed) {
  EXPECT_EQ(db_.columns("select name as n from a where name is not null"), "n text");
  EXPECT_EQ(db_.columns("select name as n from a where name like @p and true"), "n text");
  EXPECT_EQ(db_.columns("select name as n from a where name = 'x' or id = 1"), "n text?");
  EXPECT_EQ(db_.columns("select name as n from a where name is distinct from 'x'"), "n text?");
  EXPECT_EQ(db_.columns("select name as n from a where name = any (@list::text[])"), "n text");
  EXPECT_EQ(db_.columns("select name as n from a where name <> all (@list::text[])"), "n text?");
  EXPECT_EQ(db_.columns("select b.id as b from a left join b on a.id = b.a_id where b.a_id > 0"),
            "b integer");
  EXPECT_EQ(db_.columns("select a2.name as n, a.id from a join a a2 on a2.name = a.label"),
            "n text, id integer");
  EXPECT_EQ(db_.columns("select x.name as n from b left join a x on x.name = 'y'"), "n text?");
  // RETURNING sees the new row.
  EXPECT_EQ(db_.columns("update a set name = null where name = 'x' returning name as n"),
            "n text?");
}

TEST_F(Describe, KnowsExpressions) {
  EXPECT_EQ(
      db_.columns("select id + 1 as a, id + null::int as b, @p::int as c, "
                  "sqlc.narg(q)::int as d, (select count(*) from a) as e, "
                  "(select id from a limit 1) as f, array[name] as g, name is null as h, "
                  "case when id = 1 then 1 else 2 end as i, case when id = 1 then 1 end as j, "
                  "lower(label) as k, lower(name) as l, id = any (array[1, 2]) as m, "
                  "exists (select) or exists (select) as n from a"),
      "a integer, b integer?, c integer, d integer?, e bigint, f integer?, g text[], "
      "h boolean, i integer, j integer?, k text, l text?, m boolean, n boolean");
  EXPECT_EQ(db_.columns("select '{}'::jsonb -> 'a' as a, lower(int4range(1, 1)) as b, "
                        "substring('a' from 'b') as c, to_char(now(), '') as d, "
                        "point(1, 2) <-> point(3, 4) as e, current_date as f, "
                        "row_number() over () as g, lag(1) over () as h"),
            "a jsonb?, b integer?, c text?, d text?, e double precision?, f date, g bigint, "
            "h integer?");
  EXPECT_EQ(db_.columns("select label, sum(id) as s, max(name) as m, array_agg(name) as l "
                        "from a group by label"),
            "label character varying, s bigint, m text?, l text[]");
  EXPECT_EQ(db_.columns("with recursive n (i, j) as (select 1, 1 union all "
                        "select i + 1, nullif(j, i) from n where i < 3) select i, j from n"),
            "i integer, j integer?");
}

TEST_F(Describe, KnowsWhatReturningGives) {
  EXPECT_EQ(db_.columns("insert into a (id, label) select b.id, 'x' from a left join b on true "
                        "returning id, name, label"),
            "id integer, name text?, label character varying");
  EXPECT_EQ(db_.columns("update a set name = null where id = 1 returning id, name"),
            "id integer, name text?");
  EXPECT_EQ(db_.columns("update a set name = 'x' from a c left join b on b.id = c.id "
                        "where c.id = a.id returning b.id"),
            "id integer?");
  EXPECT_EQ(db_.columns("delete from a using b where a.id = b.a_id returning a.id, b.at"),
            "id integer, at timestamp with time zone?");
}

TEST_F(Describe, RelyOnWhatEveryTableOfAFamilyEnforces) {
  EXPECT_EQ(db_.columns("select id from parent"), "id integer");
  EXPECT_EQ(db_.columns("select id from parted"), "id integer");
  EXPECT_EQ(db_.columns("select id, more from child"), "id integer, more text?");
  EXPECT_EQ(db_.columns("select id from ruled"), "id integer?");
}

// Up to PostgreSQL 17 a child may drop what it inherited.
TEST_F(Describe, DoesNotRelyOnAParentWhoseChildDroppedIt) {
  const test::TestDatabase version;
  if (std::stoi(test::column(version.url(), "show server_version_num")) >= 180000) {
    EXPECT_EQ(db_.columns("select id from loose"), "id integer");
    return;
  }
  Described db(std::string(schema) + "alter table loose_child alter id drop not null;");
  EXPECT_EQ(db.columns("select id from loose"), "id integer?");
  EXPECT_EQ(db.columns("select id from only loose"), "id integer?");
}

TEST_F(Describe, FindsExactlyOneRow) {
  EXPECT_EQ(db_.kind("select count(*) from a"), "one");
  EXPECT_EQ(db_.kind("select max(id) as m from a where id = @id"), "one");
  EXPECT_EQ(db_.kind("select 1 as one"), "one");
  EXPECT_EQ(db_.kind("insert into b values (1, 2) returning id"), "one");
  EXPECT_EQ(db_.kind("insert into b values (1, 2) on conflict (id) do update set a_id = 3 "
                     "returning id"),
            "one");
  for (const char* statement : {
           "select id from a where id = 1",
           "select count(*) from a group by id",
           "select count(*) from a having count(*) > 1",
           "select count(*) from a limit 1",
           "select generate_series(1, 2)",
           "select count(*) over () from a",
           "select 1 where false",
           "update a set name = 'x' returning id",
           "insert into b values (1, 2) on conflict do nothing returning id",
           "insert into b values (1, 2) on conflict (id) do update set a_id = 3 where b.id > 5 "
           "returning id",
           "insert into b select 1, 2 returning id",
           "insert into b values (1, 2), (3, 4) returning id",
           "insert into b values (generate_series(1, 2), 2) returning id",
           "insert into b values (1, 2) union values (3, 4) returning id",
           "insert into b values (1, 2) limit 0 returning id",
       }) {
    EXPECT_EQ(db_.kind(statement), "opt") << statement;
  }
  EXPECT_EQ(db_.kind("select count(*) from a", ":opt"), "opt");
  EXPECT_EQ(db_.kind("select count(*) from a", ":many"), "many");
}

TEST_F(Describe, ReplicasOnlyRead) {
  const auto refused = [&](const std::string& statement) {
    return !db_.refused_text("-- name: Q :many\n-- @replica\n" + statement).empty();
  };
  for (const char* statement :
       {"with x as (delete from a returning id) select id from x", "select * from a for share",
        "select * from (select * from a for key share) x", "update a set name = '' returning id",
        "select nextval('s.numbers')", "select id from a where id = nextval('s.numbers')"}) {
    EXPECT_TRUE(refused(statement)) << statement;
  }
  db_.entry("with x as (select id from a) select id, now() from x union select 1, null", ":many");
}

TEST_F(Describe, KnowsTheWholeRowOfATable) {
  EXPECT_EQ(db_.entry("select * from a").row, "public.a");
  EXPECT_EQ(db_.entry("select a.* from a join b on true").row, "public.a");
  EXPECT_EQ(db_.entry("select id, name, label from a").row, "public.a");
  EXPECT_EQ(db_.entry("update a set name = '' returning *").row, "public.a");
  EXPECT_EQ(db_.entry("select id, label, name from a").row, "");
  EXPECT_EQ(db_.entry("select id, name as n, label from a").row, "");
  EXPECT_EQ(db_.entry("select id, name from a").row, "");
  EXPECT_EQ(db_.entry("select a.* from a left join b on true").row, "public.a");
  EXPECT_EQ(db_.entry("select a.* from a right join b on true").row, "");
  EXPECT_EQ(db_.entry("select * from a where name = 'x'").row, "public.a");
  EXPECT_EQ(db_.entry("select a.*, 1 as one from a").row, "");
}

TEST_F(Describe, FollowsOverrides) {
  const auto columns = [&](const std::string& annotation, std::string* row = nullptr) {
    const auto query = test::parse_queries("-- name: Q :many\n-- " + annotation +
                                           "\nselect id, name, label from a")
                           .at(0);
    const LockEntry entry = test::describe(db_.database(), query);
    if (row) *row = entry.row;
    std::string nullable;
    for (const TypedName& column : entry.columns)
      nullable += column.nullable ? '?' : '.';
    return nullable;
  };
  std::string row;
  EXPECT_EQ(columns("@notnull name", &row), "...");
  EXPECT_EQ(row, "");  // no longer as the table has it
  EXPECT_EQ(columns("@nullable id, label"), "???");
  EXPECT_EQ(columns("@notnull id", &row), ".?.");
  EXPECT_EQ(row, "public.a");
  EXPECT_EQ(db_.refused_text("-- name: Q :many\n-- @notnull id, nme\nselect id from a"),
            "q.sql:2:17: query Q: expected the name of a result column, found nme");
}

TEST_F(Describe, NamesTypesWhoseOidIsNotFixed) {
  const LockEntry entry = db_.entry("select m, p, s.pick() as f from s.t where m = @mood", ":many");
  ASSERT_EQ(entry.columns.size(), 3U);
  EXPECT_EQ(entry.columns[0].type, "s.mood");
  EXPECT_EQ(entry.columns[0].oid, 0U);
  EXPECT_EQ(entry.columns[0].table, "s.t.m");
  EXPECT_EQ(entry.columns[1].type, "integer");  // a domain travels as what it is made of
  EXPECT_EQ(entry.columns[1].oid, 23U);
  EXPECT_TRUE(entry.columns[2].nullable);
  EXPECT_EQ(entry.parameters.at(0).type, "s.mood");
}

TEST_F(Describe, NamesTypesOfEveryForm) {
  EXPECT_EQ(db_.columns("select q, ms, g, r from s.t"),
            "q s.pair?, ms s.mood[]?, g point?, r int4range?");
  EXPECT_EQ(db_.columns("select q::text, ms::text from s.t"), "q text?, ms text?");
}

TEST_F(Describe, RefusesAKindThatDoesNotFit) {
  const std::string found = ", found one without result columns";
  EXPECT_EQ(db_.refused("update a set name = ''", ":many"),
            "q.sql:1:10: query Q: expected a statement that returns rows for :many" + found);
  EXPECT_EQ(db_.refused("delete from a", ":one"),
            "q.sql:1:10: query Q: expected a statement that returns rows for :one" + found);
  EXPECT_EQ(db_.refused("insert into a values (1)", ":opt"),
            "q.sql:1:10: query Q: expected a statement that returns rows for :opt" + found);
  EXPECT_EQ(db_.entry("update a set name = ''", ":execrows").kind, "execrows");
  EXPECT_EQ(db_.columns("update a set name = '' returning *", ":exec"), "");
}

TEST_F(Describe, RefusesAReplicaThatWrites) {
  EXPECT_EQ(db_.refused_text("-- name: Q :many\n--   @replica\nselect * from a for update"),
            "q.sql:2:6: query Q: expected a statement that only reads for @replica, found one that "
            "may write or lock");
}

TEST_F(Describe, KnowsWhatOnlyReads) {
  for (const char* statement :
       {"select * from a", "with x as (select id from a) select * from x order by random()",
        "select clock_timestamp(), gen_random_uuid()", "values (1)"}) {
    EXPECT_TRUE(db_.entry(statement, ":many").reads_only) << statement;
  }
  for (const char* statement :
       {"select * from a for update", "select nextval('pg_class_oid_index'::regclass)",
        "select pg_advisory_lock(1)", "select set_config('a.b', 'c', false)",
        "with x as (delete from a returning id) select id from x",
        "insert into a values (1) returning id"}) {
    EXPECT_FALSE(db_.entry(statement, ":many").reads_only) << statement;
  }
  EXPECT_FALSE(db_.entry("update a set name = ''", ":exec").reads_only);
}

TEST_F(Describe, TellsWherePostgresSawTheFault) {
  EXPECT_EQ(db_.refused("select id,\n  nme\nfrom a"),
            "q.sql:3:3: query Q: PostgreSQL says: column \"nme\" does not exist (42703) (Perhaps "
            "you meant to reference the column \"a.name\".)");
  EXPECT_EQ(db_.refused("select id\nform a"),
            "q.sql:3:6: query Q: PostgreSQL says: syntax error at or near \"a\" (42601)");
  EXPECT_EQ(db_.refused("select (1"),
            "q.sql:2:10: query Q: PostgreSQL says: syntax error at end of input (42601)");
  EXPECT_EQ(db_.refused("select 1 from nowhere"),
            "q.sql:2:15: query Q: PostgreSQL says: relation \"nowhere\" does not exist (42P01)");
}

TEST_F(Describe, RefusesTypesThatDoNotMeet) {
  const std::string hint =
      " (No operator matches the given name and argument types. You might need to add explicit "
      "type casts.)";
  EXPECT_EQ(
      db_.refused("select name from a where id = @x and name = @x"),
      "q.sql:2:43: query Q: PostgreSQL says: operator does not exist: text = integer (42883)" +
          hint);
  EXPECT_EQ(db_.refused("select name from a where id = 'x'"),
            "q.sql:2:31: query Q: PostgreSQL says: invalid input syntax for type integer: \"x\" "
            "(22P02)");
  EXPECT_EQ(db_.refused("select name from a where id = true"),
            "q.sql:2:29: query Q: PostgreSQL says: operator does not exist: integer = boolean "
            "(42883)" +
                hint);
}

TEST_F(Describe, RefusesACopyOfAnythingButNewRows) {
  for (const std::string statement : {"update a set name = $1", "insert into a (id) select $1",
                                      "insert into a (id, label) values ($1, 'x')",
                                      "insert into a (id, label) values ($1, $2), ($3, $4)",
                                      "insert into a (id) values ($1) on conflict do nothing"}) {
    EXPECT_EQ(db_.refused(statement, ":copyfrom"),
              "q.sql:2:1: query Q: expected insert into ... values ($1, $2, ...) for :copyfrom, "
              "each value a parameter of its own, found another statement (use :batchexec for it)")
        << statement;
  }
}

TEST_F(Describe, RefusesABatchWithoutParameters) {
  EXPECT_EQ(db_.refused("delete from a", ":batchexec"),
            "q.sql:1:10: query Q: expected a parameter for :batchexec, found none");
}

TEST_F(Describe, TellsItBehindParametersAndLongCharacters) {
  EXPECT_EQ(
      db_.refused(
          "select '\xC3\xA4\xE2\x82\xAC', @a_long_name::int, sqlc.narg(another)::int, nme from a"),
      "q.sql:2:58: query Q: PostgreSQL says: column \"nme\" does not exist (42703) (Perhaps "
      "you meant to reference the column \"a.name\".)");
  EXPECT_EQ(
      db_.refused("select name from a where id = @x and (@y).z"),
      "q.sql:2:39: query Q: PostgreSQL says: column notation .z applied to type unknown, which "
      "is not a composite type (42809)");
}

TEST_F(Describe, PointsAtAParameterWithoutType) {
  EXPECT_EQ(db_.refused("select\n  @what is null"),
            "q.sql:3:3: query Q: parameter what: PostgreSQL says: could not determine data type of "
            "parameter $1 (42P18)");
}

TEST_F(Describe, GoesOnAfterARefusal) {
  db_.refused("select nme from a");
  EXPECT_EQ(db_.columns("select id from a"), "id integer");
}

TEST_F(Describe, NeverRunsAQuery) {
  db_.entry("insert into a values (1, 'x', 'y')", ":exec");
  EXPECT_EQ(db_.columns("select 1 / 0 as x"), "x integer");
}

TEST(DescribeMigrations, AreRefusedWherePostgresSawTheFault) {
  DescribeDatabase database(test::server_url());
  EXPECT_EQ(
      fault([&] { database.migrate({migration(7, "create table a ();\n\ncreate tabel b ();")}); }),
      "m.sql:3:8: migration 000007: PostgreSQL says: syntax error at or near \"tabel\" (42601)");
  EXPECT_EQ(fault([&] { database.migrate({migration(8, "select '\xC3\xA4';\nselect x;")}); }),
            "m.sql:2:8: migration 000008: PostgreSQL says: column \"x\" does not exist (42703)");
  // What has no position is told at the start of the file.
  EXPECT_EQ(
      fault([&] { database.migrate({migration(9, "create table c ();\ncreate table c ();")}); }),
      "m.sql:1:1: migration 000009: PostgreSQL says: relation \"c\" already exists (42P07)");
}

TEST(DescribeMigrations, RunStatementByStatementWithoutTransaction) {
  DescribeDatabase database(test::server_url());
  database.migrate({migration(1, "create table a (id int);\n"),
                    migration(2,
                              "create index concurrently i on a (id);\n"
                              "create index concurrently j on a (id); -- done;\n",
                              false)});
  EXPECT_EQ(fault([&] {
              database.migrate({migration(3,
                                          "create index concurrently k on a (id);\n"
                                          "create index concurrently l on a (jd);\n",
                                          false)});
            }),
            "m.sql:2:1: migration 000003: PostgreSQL says: column \"jd\" does not exist (42703)");
  EXPECT_EQ(fault([&] {
              database.migrate({migration(4, "create index concurrently m on a (id);\nselect 1;")});
            }),
            "m.sql:1:1: migration 000004: PostgreSQL says: CREATE INDEX CONCURRENTLY cannot run "
            "inside a transaction block (25001)");
}

TEST(DescribeMigrations, LeaveTheirSettingsBehind) {
  Described db("create schema x; create table x.a (id int not null); set search_path to x;");
  EXPECT_EQ(db.refused("select id from a"),
            "q.sql:2:16: query Q: PostgreSQL says: relation \"a\" does not exist (42P01)");
}

TEST(DescribeDatabase, IsGoneAfterwards) {
  const std::string mine = "select count(*) from pg_database where datname like 'qmgen\\_' || " +
                           std::to_string(::getpid()) + " || '\\_%'";
  {
    const DescribeDatabase database(test::server_url());
    EXPECT_EQ(test::column(test::server_url(), mine), "1");
  }
  EXPECT_EQ(test::column(test::server_url(), mine), "0");
}

TEST(DescribeDatabase, SaysWhyThereIsNoServer) {
  try {
    const DescribeDatabase database("host=/nowhere");
    FAIL();
  } catch (const std::runtime_error& error) {
    EXPECT_THAT(error.what(), testing::StartsWith("the server to describe on: "));
    EXPECT_THAT(error.what(), testing::HasSubstr("/nowhere"));
  }
}

}  // namespace
}  // namespace qm::codegen

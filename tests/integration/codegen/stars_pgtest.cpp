// Stars written out: what goes to the server names its columns, so that a later migration that adds
// one changes nothing for a release.
#include "codegen/stars.hpp"

#include <gtest/gtest.h>

#include "described.hpp"

namespace qm::codegen {
namespace {

constexpr const char* schema = R"(
create table a (id integer not null, "Name" text, "order" integer, year integer);
create table b (id integer not null, a_id integer);
create schema s;
create table s."T" (id integer not null, "größe" integer);
create view v as select * from a;
)";

class Stars : public testing::Test {
 protected:
  test::Described db_{schema};
};

TEST_F(Stars, BecomeTheNamesOfTheirColumns) {
  const std::string all = "id, \"Name\", \"order\", year";
  EXPECT_EQ(db_.sent("select * from a"), "select " + all + " from a");
  EXPECT_EQ(db_.sent("table a"), "table a");
  EXPECT_EQ(db_.sent("select *, 2 * 3 as n from v where id = @id"),
            "select " + all + ", 2 * 3 as n from v where id = $1");
  EXPECT_EQ(db_.sent("insert into a (id) values (@id) returning *"),
            "insert into a (id) values ($1) returning " + all);
  EXPECT_EQ(db_.sent("select count(*) from a"), "select count(*) from a");
  EXPECT_EQ(db_.sent("select * from generate_series(1, 2) as g (n)"),
            "select n from generate_series(1, 2) as g (n)");
}

TEST_F(Stars, KeepTheTableThatTheyHave) {
  EXPECT_EQ(db_.sent("select 1 as one, x.*, x . * from b as x"),
            "select 1 as one, x.id, x.a_id, x . id, x . a_id from b as x");
  EXPECT_EQ(db_.sent(R"(select s."T".* from s."T")"),
            R"(select s."T".id, s."T"."größe" from s."T")");
  EXPECT_EQ(db_.sent("select sqlc.embed(b), id from b"), R"(select "b".id, "b".a_id, id from b)");
}

TEST_F(Stars, OfSeveralTablesNameThem) {
  EXPECT_EQ(db_.sent("select * from b join b as c on c.a_id = b.id"),
            "select b.id, b.a_id, c.id, c.a_id from b join b as c on c.a_id = b.id");
  EXPECT_EQ(db_.sent("select * from b join b as c using (id)"),
            "select b.id, b.a_id, c.a_id from b join b as c using (id)");
  EXPECT_EQ(db_.sent("select * from b full join b as c using (id)"),
            "select id, b.a_id, c.a_id from b full join b as c using (id)");
  EXPECT_EQ(db_.sent("select j.* from (b join a on a.id = b.a_id) as j (k, l, m)"),
            "select j.k, j.l, j.m, j.\"Name\", j.\"order\", j.year from (b join a on a.id = "
            "b.a_id) as j (k, l, m)");
}

TEST_F(Stars, OfEveryBranchAreWrittenOut) {
  EXPECT_EQ(db_.sent("select * from b union all (select * from b except select b.* from b)"),
            "select id, a_id from b union all (select id, a_id from b except select b.id, b.a_id "
            "from b)");
  EXPECT_EQ(db_.sent("with q as (select * from b) select * from q"),
            "with q as (select * from b) select id, a_id from q");
}

TEST_F(Stars, StayWhereNamesWouldNotDo) {
  const std::string twice = "select * from (select 1 as n, 2 as n) as q";
  EXPECT_EQ(db_.sent(twice), twice);
  EXPECT_EQ(db_.sent("select (x).* from b as x"), "select (x).* from b as x");
}

TEST_F(Stars, LeaveFaultsWhereTheyAre) {
  const SourceQuery query =
      test::query_of("select *, sqlc.arg(a)::int as n\nfrom b where nme", ":many");
  const Statement statement = rewrite_parameters(query);
  const Statement written = statement.with_stars({{7, 1, "id, a_id"}});
  EXPECT_EQ(written.sql(), "select id, a_id, $1::int as n\nfrom b where nme");
  const auto place = [](const Statement& in, const std::string& what) {
    return in.source_offset(in.sql().find(what));
  };
  for (const char* what : {"select", "$1", "::int", "nme"})
    EXPECT_EQ(place(written, what), place(statement, what)) << what;
  EXPECT_EQ(place(written, "a_id"), place(statement, "*"));
}

TEST(StarsOfALockFile, HaveToFitTheStatement) {
  const std::string sql = "select *, b.* from b";
  EXPECT_TRUE(fit({}, sql));
  EXPECT_TRUE(fit({{7, 1, "id"}, {10, 3, "b.id"}}, sql));
  EXPECT_FALSE(fit({{10, 3, "b.id"}, {7, 1, "id"}}, sql));
  EXPECT_FALSE(fit({{7, 2, "id"}}, sql));
  EXPECT_FALSE(fit({{7, 0, "id"}}, sql));
  EXPECT_FALSE(fit({{30, 1, "id"}}, sql));
}

}  // namespace
}  // namespace qm::codegen

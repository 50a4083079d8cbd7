// What is proved about a result, and above all what is not: every case here that must not be
// proved is one where PostgreSQL gives a NULL, no row or several.
#include "codegen/proofs.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "codegen_input.hpp"

namespace qm::codegen {
namespace {

const FunctionFacts& facts() {
  static const FunctionFacts known{
      {"count", "sum", "max", "array_agg", "string_agg"}, {"generate_series", "unnest"}, true};
  return known;
}

// An outline has views into the text of its query.
struct Outlined {
  SourceQuery query;
  Outline outline;

  explicit Outlined(const std::string& statement)
      : query(test::query_of(statement)),
        outline(codegen::outline(without_comments(query.tokens))) {}
};

bool keeps(const std::string& statement) {
  return keeps_not_null(Outlined(statement).outline);
}

// One letter a column: n never NULL, - not proved.
std::string never_null(const std::string& statement, std::size_t columns,
                       const FunctionFacts& functions = facts()) {
  std::string out;
  const Outlined outlined(statement);
  for (const bool proved : never_null_expressions(outlined.outline, columns, functions))
    out += proved ? 'n' : '-';
  return out;
}

bool one_row(const std::string& statement) {
  return gives_exactly_one_row(Outlined(statement).outline, facts());
}

TEST(KeepsNotNull, InPlainStatements) {
  for (const char* statement : {
           "select id from t",
           "select a.id from a join b on a.id = b.id where b.x is distinct from 1",
           "select a.id from a cross join lateral (select 1) b order by 1 limit 3",
           "with c as (select id from t) select id from c",
           "table t",
           "insert into t values (1) returning id",
           "insert into t select id from a left join b using (id) returning id",
           "update t set x = 1 returning id",
           "delete from t using u where t.id = u.id returning t.id",
           "select left(title, 3), right(title, 1), id from t",
           "select id as left from t join u on true",
           "select t.union from t",
           "select id from t where exists (select 1 from a left join b on true)",
           "select id, (select 1 union select 2 limit 1) from t",
       }) {
    EXPECT_TRUE(keeps(statement)) << statement;
  }
}

TEST(KeepsNotNull, NotWhereARowMayBeMissing) {
  for (const char* statement : {
           "select b.id from a left join b on true",
           "select b.id from a LEFT /* why */ OUTER join b on true",
           "select a.id from a right join b on true",
           "select a.id from a full join b using (id)",
           "select b.id from a natural left join b",
           "select x.id from (select b.id from a left join b on true) x",
           "select x.id from ((a left join b on true) join c on true) x",
           "with x as (select b.id from a left join b on true) select id from x",
           "with recursive x as (select id from t union all select null) select id from x",
           "select id from a union select null",
           "select id from a union all select null",
           "select id from a except select 1",
           "select id from a intersect select id from b",
           "select id from (select id from a union select null) x",
           "(select id from a) union (select null)",
           "values (1), (null)",
           "select id from t group by grouping sets ((id), ())",
           "select id from t group by rollup (id)",
           "select id from t group by cube (id)",
           "select x.id from (select id from t group by rollup (id)) x",
           "update t set x = 1 from a left join b on true returning b.id",
           "delete from t using a left join b on true returning b.id",
           "merge into t using s on true when matched then delete",
       }) {
    EXPECT_FALSE(keeps(statement)) << statement;
  }
}

TEST(KeepsNotNull, NotForTheRowBeforeAnInsertOrAfterADelete) {
  EXPECT_FALSE(keeps("insert into t values (1) returning old.id"));
  EXPECT_FALSE(keeps("delete from t returning new.id"));
  EXPECT_FALSE(keeps("insert into t values (1) returning with (old as o) o.id"));
  EXPECT_TRUE(keeps("insert into t values (1) returning id as old"));
}

TEST(NeverNull, ProvesLiteralsCountsExistsAndCoalesce) {
  EXPECT_EQ(never_null("select 1, 'a', true, -1, +2.5", 5), "nnnnn");
  EXPECT_EQ(never_null("select 'a'\n'b'", 1), "n");
  EXPECT_EQ(never_null("select 1 as x, 2 y, 3 as \"Z\", 4 \"W\"", 4), "nnnn");
  EXPECT_EQ(never_null("select 1::int, '5'::text, 1::numeric::text", 3), "nnn");
  EXPECT_EQ(never_null("select count(*), count(x) as n, count(distinct x), COUNT(*)", 4), "nnnn");
  EXPECT_EQ(never_null("select count(*) filter (where x) over (partition by y), "
                       "count(*) over w, count(*)::int from t window w as ()",
                       3),
            "nnn");
  EXPECT_EQ(never_null("select exists (select 1), not exists (select null) as e", 2), "nn");
  EXPECT_EQ(never_null("select coalesce(x, 0), coalesce(x, coalesce(y, 'z')), "
                       "coalesce(sum(x), 0)::bigint as s, coalesce(count(*), x)",
                       4),
            "nnnn");
}

TEST(NeverNull, ProvesNothingElse) {
  for (const char* item : {
           "null",
           "x",
           "x + 1",
           "1 + x",
           "1 + null::int",
           "coalesce(x, y)",
           "coalesce(x, null)",
           "coalesce(x, 1) + y",
           "coalesce(x, nullif(1, 1))",
           "nullif(1, 1)",
           "sum(x)",
           "max(1)",
           "array_agg(1)",
           "(select 1 where false)",
           "(select count(*) from t group by x)",
           "case when x then 1 end",
           "exists (select 1) and null",
           "exists (select 1) = x",
           "not exists (select 1) or x",
           "true and x",
           "1 = x",
           "'a' || x",
           "'a' || x as y",
           "count(*) + x",
           "count(*) / nullif(count(*), 0)",
           "mine.count(*)",
           "\"coalesce\"(x, 1)",
           "1::positive",  // a domain or type of somebody's own
           "1::public.int",
           "interval '1' day",  // proved for nobody: simply not recognised
           "array[1]",
           "row(1, null)",
           "1 between x and 2",
           "1 in (x)",
           "'{}'::jsonb -> 'a'",
       }) {
    EXPECT_EQ(never_null("select " + std::string(item) + " from t", 1), "-") << item;
  }
}

TEST(NeverNull, NotWhenAGroupingSetTakesTheExpressionAway) {
  EXPECT_EQ(never_null("select coalesce(x, 'none') as x, count(*) from t "
                       "group by rollup (coalesce(x, 'none'))",
                       2),
            "--");
  EXPECT_EQ(never_null("select 1 as one from t group by grouping sets ((one), ())", 1), "-");
}

TEST(NeverNull, NotInSetOperations) {
  EXPECT_EQ(never_null("select 1 union select null", 1), "-");
  EXPECT_EQ(never_null("select null union select 1", 1), "-");
  EXPECT_EQ(never_null("(select 1) union all select null", 1), "-");
  EXPECT_EQ(never_null("values (1)", 1), "-");
}

TEST(NeverNull, CountsColumnsAroundAStar) {
  EXPECT_EQ(never_null("select 1, *, count(*) over () from t", 5), "n---n");
  EXPECT_EQ(never_null("select 1, a.*, 2, b.*, 3 from a, b", 7), "n-----n");
  EXPECT_EQ(never_null("select * from t", 3), "---");
  EXPECT_EQ(never_null("select *from t", 2), "--");
  // A list that does not have as many items as the result has columns is not understood.
  EXPECT_EQ(never_null("select 1, 2 from t", 3), "---");
}

TEST(NeverNull, ReadsTheListBehindDistinctAndInsideReturning) {
  EXPECT_EQ(never_null("select distinct on (a, b) 1, x from t", 2), "n-");
  EXPECT_EQ(never_null("select all 1, x from t", 2), "n-");
  EXPECT_EQ(never_null("select x is distinct from y, 1 from t", 2), "-n");
  EXPECT_EQ(never_null("insert into t select null union select 2 returning 1, x", 2), "n-");
  EXPECT_EQ(never_null("update t set x = (select 1) where y returning coalesce(x, 1)", 1), "n");
}

TEST(NeverNull, DoesNotTrustACountOfSomebodysOwn) {
  FunctionFacts shadowed = facts();
  shadowed.count_is_builtin = false;
  EXPECT_EQ(never_null("select count(*) from t", 1, shadowed), "-");
}

TEST(ExactlyOneRow, OfAggregatesAndOfNoTable) {
  for (const char* statement : {
           "select count(*) from t",
           "select coalesce(sum(x), 0), max(x) from t where y order by 1",
           "select sum(count(*)) over () from t",
           "select count(*) filter (where x) from a left join b on true",
           "with c as (select id from t) select count(*) from c",
           "select 1",
           "select (select x from t limit 1), f(2)",
           "select exists (select 1 from t where x group by y limit 1)",
           "insert into t values (1) returning id",
           "insert into t default values returning id",
           "insert into t (a) overriding system value values (1) returning id",
           "insert into t values (1) on conflict (a) do update set b = 1 returning id",
       }) {
    EXPECT_TRUE(one_row(statement)) << statement;
  }
}

TEST(ExactlyOneRow, NotOfWhatMayGiveNoneOrMore) {
  for (const char* statement : {
           "select x from t",
           "select 1 from t",
           "select 1 where false",
           "select 1 limit 0",
           "select 1 offset 1",
           "select 1 fetch first 0 rows only",
           "select count(*) from t group by x",
           "select count(*) from t having false",
           "select count(*) from t limit 0",
           "select count(*) from t union all select 1",
           "(select count(*) from t) union all select 1",
           "select 1 intersect select 2",
           "select count(*) over () from t",
           "select sum(x) filter (where y) over w from t window w as ()",
           "select (select count(*) from u) from t",
           "select exists (select count(*) from u) from t",
           "select array(select count(*) from u) from t",
           "select 1 from t order by x in (select max(x) from u)",
           "select generate_series(1, 3)",
           "select count(*), unnest(array[1, 2]) from t",
           "select coalesce(unnest(x), 1)",
           "values (1)",
           "table t",
           "update t set x = 1 returning x",
           "delete from t returning x",
           "insert into t select 1 returning id",
           "insert into t values (1), (2) returning id",
           "insert into t values (generate_series(1, 3)) returning id",
           "insert into t values (1) union all values (2) returning id",
           "insert into t values (1) limit 0 returning id",
           "insert into t values (1) offset 1 returning id",
           "insert into values (a) select 1 returning a",
           "insert into t values (1) on conflict do nothing returning id",
           "insert into t values (1) on conflict (a) do update set b = 1 where t.c returning id",
           "merge into t using s on true when matched then delete",
       }) {
    EXPECT_FALSE(one_row(statement)) << statement;
  }
}

TEST(ReadsOnly, OfQueries) {
  const auto reads = [](const std::string& statement) {
    return reads_only(without_comments(test::query_of(statement).tokens));
  };
  EXPECT_TRUE(reads("select 1"));
  EXPECT_TRUE(reads("with x as (select 1) select * from x"));
  EXPECT_TRUE(reads("(select 1) union select 2"));
  EXPECT_TRUE(reads("values (1)"));
  EXPECT_TRUE(reads("select substring(x for 3) from t"));
  EXPECT_FALSE(reads("insert into t values (1)"));
  EXPECT_FALSE(reads("with x as (delete from t returning *) select * from x"));
  EXPECT_FALSE(reads("select * from t for update"));
  EXPECT_FALSE(reads("select * from t for no key update"));
  EXPECT_FALSE(reads("select * from t for key share"));
  EXPECT_FALSE(reads("select * from t for share"));
  EXPECT_FALSE(reads("select nextval('s')"));
  EXPECT_FALSE(reads("call p()"));
  EXPECT_FALSE(reads("truncate t"));
}

}  // namespace
}  // namespace qm::codegen

// The lock file: written, read back the same, and refused when it is broken. And what makes an
// entry stale: the hash of a query.
#include "codegen/lock.hpp"

#include <gtest/gtest.h>

#include <string>

#include "codegen/signature.hpp"
#include "codegen_input.hpp"
#include "scratch_directory.hpp"

namespace qm::codegen {
namespace {

using test::fault;
using test::parse_queries;

Lock example() {
  Lock lock;
  lock.schema = {{"shared", std::string(64, '0')}, {"film", std::string(64, 'a')}};
  lock.queries = {
      {"GetFilm",
       "opt",
       std::string(64, 'b'),
       "public.films",
       {{"id", "uuid", 2950, false, ""}},
       {{"id", "uuid", 2950, false, "public.films.id"},
        {"od\"d\\ \n\x01 \xC3\xA4", "film.rating", 0, true, "public.films.rating"}}},
      {"Touch", "exec", std::string(64, 'c'), "", {}, {}},
  };
  lock.queries[0].reads_only = true;
  return lock;
}

std::string refused(const std::string& text) {
  return fault([&] { parse_lock(text, "q.lock"); });
}

// A file with this entry as its only query.
std::string with_query(const std::string& entry) {
  return R"({"format": 2, "schema": [], "types": [], "queries": [)" + entry + "]}";
}

constexpr const char* again = " (write it again with qmgen describe)";

TEST(Lock, ReadsBackWhatItWrote) {
  const Lock lock = example();
  const std::string text = to_json(lock);
  const Lock read = parse_lock(text, "q.lock");
  EXPECT_EQ(read.schema, lock.schema);
  EXPECT_EQ(read.queries, lock.queries);
  EXPECT_EQ(to_json(read), text);
}

TEST(Lock, HasALineForEachValue) {
  EXPECT_EQ(to_json({{{"film", "ff"}}, {}, {example().queries[0]}}),
            R"({
  "format": 2,
  "schema": [
    {"plugin": "film", "sha256": "ff"}
  ],
  "types": [],
  "queries": [
    {
      "name": "GetFilm",
      "kind": "opt",
      "sql": "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
      "row": "public.films",
      "reads_only": true,
      "parameters": [
        {"name": "id", "type": "uuid", "oid": 2950, "nullable": false}
      ],
      "columns": [
        {"name": "id", "type": "uuid", "oid": 2950, "nullable": false, "table": "public.films.id"},
        {"name": "od\"d\\ \n\u0001 )"
            "\xC3\xA4"
            R"(", "type": "film.rating", "oid": 0, "nullable": true, "table": "public.films.rating"}
      ]
    }
  ]
}
)");
}

TEST(Lock, MayBeEmpty) {
  const std::string text = to_json({});
  EXPECT_EQ(text,
            "{\n  \"format\": 2,\n  \"schema\": [],\n  \"types\": [],\n  \"queries\": []\n}\n");
  EXPECT_TRUE(parse_lock(text, "q.lock").queries.empty());
}

TEST(Lock, FindsEntriesByName) {
  const Lock lock = example();
  ASSERT_NE(lock.find("Touch"), nullptr);
  EXPECT_EQ(lock.find("Touch")->kind, "exec");
  EXPECT_EQ(lock.find("touch"), nullptr);
}

TEST(Lock, IsEmptyWhenThereIsNoFile) {
  const test::ScratchDirectory scratch;
  EXPECT_TRUE(read_lock(scratch.path() / "q.lock").queries.empty());
}

TEST(Lock, RefusesWhatIsNoJson) {
  EXPECT_EQ(refused(""), "q.lock:1:1: expected JSON, found The document is empty.");
  EXPECT_EQ(refused("{\n  \"format\": 1,\n  }"),
            "q.lock:3:3: expected JSON, found Missing a name for object member.");
  EXPECT_EQ(refused("{} {}"),
            "q.lock:1:4: expected JSON, found The document root must not be followed by other "
            "values.");
  const std::string deep(100'000, '[');
  EXPECT_EQ(refused(deep), "q.lock:1:100001: expected JSON, found Invalid value.");
}

TEST(Lock, RefusesWhatIsNotUtf8) {
  const test::ScratchDirectory scratch;
  const auto file = scratch.write("q.lock", "{\"format\": \"\xE4\"}");
  EXPECT_EQ(fault([&] { read_lock(file); }),
            file.string() + ":1:13: expected UTF-8 text, found byte 0xe4");
}

TEST(Lock, RefusesAnotherFormat) {
  EXPECT_EQ(refused("[]"), std::string("q.lock: expected an object, found something else") + again);
  EXPECT_EQ(refused("{}"),
            std::string("q.lock: expected a number for \"format\", found nothing") + again);
  EXPECT_EQ(refused("{\"format\": 1}"),
            std::string("q.lock: expected a lock file of format 2, found format 1") + again);
  for (const std::string number : {"99999999999999999999999", "4294967297", "-1", "1.0", "\"1\""}) {
    EXPECT_EQ(refused("{\"format\": " + number + "}"),
              std::string("q.lock: expected a number up to 4294967295 for \"format\", found "
                          "something else") +
                  again)
        << number;
  }
}

TEST(Lock, RefusesMissingAndMistakenParts) {
  const auto message = [](const std::string& expected, const std::string& found) {
    return "q.lock: expected " + expected + ", found " + found + again;
  };
  EXPECT_EQ(refused(R"({"format": 2})"), message("a list for \"schema\"", "nothing"));
  EXPECT_EQ(refused(R"({"format": 2, "schema": {}})"),
            message("a list for \"schema\"", "something else"));
  EXPECT_EQ(refused(R"({"format": 2, "schema": [1]})"), message("an object", "something else"));
  EXPECT_EQ(refused(R"({"format": 2, "schema": [{"plugin": 1}]})"),
            message("text for \"plugin\"", "something else"));
  EXPECT_EQ(refused(with_query(R"({"name": "Q", "kind": "one"})")),
            message("a list for \"parameters\"", "nothing"));
  EXPECT_EQ(refused(with_query(R"({"name": "Q", "kind": "one", "parameters": [{"name": "a"}]})")),
            message("true or false for \"nullable\"", "neither"));
  EXPECT_EQ(refused(with_query(R"({"name": "Q", "kind": "one", "parameters": [)"
                               R"({"name": "a", "nullable": true, "oid": 4294967296}]})")),
            message("a number up to 4294967295 for \"oid\"", "something else"));
}

TEST(Lock, RefusesUnknownKinds) {
  EXPECT_EQ(refused(with_query(R"({"name": "Q", "kind": "few", "parameters": [], "columns": []})")),
            std::string("q.lock: expected a kind for query Q, found few") + again);
  EXPECT_EQ(refused(with_query(R"({"name": "Q", "parameters": [], "columns": []})")),
            std::string("q.lock: expected a kind for query Q, found nothing") + again);
}

std::string hash_of(const std::string& text) {
  const SourceQuery query = parse_queries(text).at(0);
  return query_hash(query, rewrite_parameters(query));
}

TEST(QueryHash, IsOfWhatADescriptionDependsOn) {
  const std::string base = hash_of("-- name: Q :one\nselect @a::int as x, sqlc.narg(b)::int as y");
  EXPECT_NE(hash_of("-- name: Q :opt\nselect @a::int as x, sqlc.narg(b)::int as y"), base);
  EXPECT_NE(hash_of("-- name: Q :one\nselect @a::int as x, @b::int as y"), base);
  EXPECT_NE(hash_of("-- name: Q :one\nselect @c::int as x, sqlc.narg(b)::int as y"), base);
  EXPECT_NE(hash_of("-- name: Q :one\nselect @a::int as z, sqlc.narg(b)::int as y"), base);
  EXPECT_NE(hash_of("-- name: Q :one\n-- @notnull y\nselect @a::int as x, sqlc.narg(b)::int as y"),
            base);
  EXPECT_NE(hash_of("-- name: Q :one\n-- @nullable y\nselect @a::int as x, sqlc.narg(b)::int as y"),
            base);
}

TEST(QueryHash, IsNotOfTheRest) {
  const std::string base = hash_of("-- name: Q :one\nselect @a::int as x");
  EXPECT_EQ(hash_of("-- name: Other :one\n-- Words.\n-- @sensitive a\n-- @since 100\n"
                    "-- @replica\n-- @long\nselect @a::int as x;\n"),
            base);
  EXPECT_EQ(hash_of("-- name: Q :one\r\nselect sqlc.arg(a)::int as x"), base);
}

TEST(Signature, IsTheTextOfWhatAClientReliesOn) {
  const Lock lock = example();
  EXPECT_EQ(signature(lock.queries[0]),
            ":opt (id uuid) -> (id uuid, \"od\"\"d\\ \n\x01 \xC3\xA4\" film.rating?)");
  EXPECT_EQ(signature(lock.queries[1]), ":exec ()");
  EXPECT_EQ(signature({"Q",
                       "many",
                       "",
                       "",
                       {{"a", "integer", 23, true, ""}, {"2b", "text[]", 1009, false, ""}},
                       {{"?column?", "integer", 23, false, ""}}}),
            ":many (a integer?, \"2b\" text[]) -> (\"?column?\" integer)");
}

// Clients carry these numbers: they are the same for ever. Computed with sha256sum.
TEST(Signature, HashesToTheFirst64BitsOfItsSha256) {
  EXPECT_EQ(signature_hash(""), 0xe3b0c44298fc1c14U);
  EXPECT_EQ(signature_hash("abc"), 0xba7816bf8f01cfeaU);
  EXPECT_EQ(signature_hash(":opt (id uuid) -> (id uuid, title character varying)"),
            0x025575e2fc6e0b9fU);
}

TEST(Signature, LeavesOutWhereAColumnComesFrom) {
  LockEntry entry = example().queries[0];
  const std::string before = signature(entry);
  entry.columns[0].table = "public.movies.id";
  entry.row.clear();
  entry.sql.clear();
  EXPECT_EQ(signature(entry), before);
}

}  // namespace
}  // namespace qm::codegen

// The typed client header: what rows, parameters and methods are called, also where SQL names meet
// C++ words or each other. That headers of this kind compile is shown by those of the plugins, and
// for names as odd as these by the plugin of the integration tests.
#include "codegen/emit_client.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "codegen_input.hpp"
#include "plugin_files.hpp"

namespace qm::codegen {
namespace {

using test::fault;
using test::PluginFiles;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

TypedName text(const std::string& name, bool nullable = false) {
  return {name, "text", 25, nullable, ""};
}

class EmittedClient : public testing::Test {
 protected:
  // A query with this entry; its statement is of no account here.
  void query(const std::string& name, const std::string& kind, std::vector<TypedName> parameters,
             std::vector<TypedName> columns, const std::string& row = "",
             const std::string& comment = "") {
    sql_ += "-- name: " + name + " :" + kind + "\n" + comment + "select 1;\n";
    lock_.queries.push_back({name, kind, "", row, std::move(parameters), std::move(columns)});
  }

  std::string emit(const std::string& more = "") const {
    files_.write("queries.sql", sql_);
    files_.write("plugin.yaml", "id: film\nversion: 1.2.3\nqueries: [queries.sql]\n" + more);
    return emit_client_header(files_.load(), lock_);
  }

  PluginFiles files_;
  std::string sql_;
  Lock lock_;
};

TEST_F(EmittedClient, NamesTheRowsOfATableOnce) {
  const std::vector<TypedName> columns{text("id"), text("title", true)};
  query("GetFilm", "opt", {text("id")}, columns, "public.films");
  query("ListFilms", "many", {}, columns, "public.films");
  const std::string header = emit();
  EXPECT_THAT(header, HasSubstr("// A row of public.films.\nstruct Film {\n"
                                "  std::string id{};\n"
                                "  std::optional<std::string> title{};\n"));
  EXPECT_EQ(header.find("struct Film {"), header.rfind("struct Film {"));
  EXPECT_THAT(header, HasSubstr("  std::optional<Film> get_film(\n"
                                "      Executor& db, std::string_view id, const CallOptions& "
                                "options = {}) const {\n"));
  EXPECT_THAT(header, HasSubstr("  std::vector<Film> list_films(Executor& db, "
                                "const CallOptions& options = {}) const {\n"));
  EXPECT_THAT(header, HasSubstr("    return client::read_many<Film>(result_, 2);\n"));
}

TEST_F(EmittedClient, GivesEachKindItsResult) {
  query("A", "exec", {}, {});
  query("B", "execrows", {}, {});
  query("C", "one", {}, {{"n", "bigint", 20, false, ""}});
  query("D", "opt", {}, {{"n", "integer", 23, true, ""}});
  query("E", "many", {}, {text("x"), text("y")});
  const std::string header = emit();
  EXPECT_THAT(header, HasSubstr("  void a(Executor& db, "));
  EXPECT_THAT(header, HasSubstr("  std::int64_t b(Executor& db, "));
  EXPECT_THAT(header, HasSubstr("  std::int64_t c(Executor& db, "));
  EXPECT_THAT(header,
              HasSubstr("    return client::read_one<std::int64_t>(*c_query_, result_, 1);\n"));
  EXPECT_THAT(header, HasSubstr("  std::optional<std::optional<std::int32_t>> d(\n"));
  EXPECT_THAT(header, HasSubstr("// A row of e().\nstruct ERow {\n"));
  EXPECT_THAT(header, HasSubstr("  std::vector<ERow> e(Executor& db, "));
}

TEST_F(EmittedClient, PutsSeveralParametersIntoAStruct) {
  query("SetTitle", "exec", {text("id"), text("title", true), {"at", "date", 1082, false, ""}}, {});
  const std::string header = emit();
  EXPECT_THAT(header, HasSubstr("// Parameters of set_title(). Text is borrowed for the call.\n"
                                "struct SetTitleParams {\n"
                                "  std::string_view id{};\n"
                                "  std::optional<std::string_view> title{};\n"
                                "  Date at{};\n"
                                "};\n"));
  EXPECT_THAT(header, HasSubstr("const SetTitleParams& params"));
  EXPECT_THAT(header, HasSubstr("    encode_as(encoded_, 25, params.title);\n"));
}

TEST_F(EmittedClient, AvoidsKeywordsAndItsOwnNames) {
  query("Delete", "many", {text("db")},
        {text("class"), text("class_"), text("read"), text("std"), text("Date"), text("?column?"),
         text("?column?"), text("2nd"), text("DeleteRow")});
  const std::string header = emit();
  EXPECT_THAT(header, HasSubstr("struct DeleteRow {\n"
                                "  std::string class_{};\n"
                                "  std::string class_2{};\n"
                                "  std::string read_{};\n"
                                "  std::string std_{};\n"
                                "  std::string Date_{};\n"
                                "  std::string column{};\n"
                                "  std::string column_{};\n"
                                "  std::string column_2nd{};\n"
                                "  std::string DeleteRow_{};\n"));
  EXPECT_THAT(header, HasSubstr("  std::vector<DeleteRow> delete_(\n"
                                "      Executor& db, std::string_view db_, "));
  // Two underscores in a row are C++'s own.
  EXPECT_THAT(header, HasSubstr("  const RegisteredQuery* delete_query_ = nullptr;\n"));
  EXPECT_THAT(header, Not(HasSubstr("__")));
}

TEST_F(EmittedClient, TellsMethodsApartThatWouldMeet) {
  query("GetFilm", "exec", {}, {});
  query("get_film", "exec", {}, {});
  query("Bind", "exec", {}, {});
  const std::string header = emit();
  EXPECT_THAT(header, HasSubstr("  void get_film(Executor& db"));
  EXPECT_THAT(header, HasSubstr("  void get_film_(Executor& db"));
  EXPECT_THAT(header, HasSubstr("  void bind_(Executor& db"));
}

TEST_F(EmittedClient, TellsTablesOfOneNameApartByTheirSchema) {
  query("A", "many", {}, {text("id")}, "public.films");
  query("B", "many", {}, {text("id")}, "old.film");
  EXPECT_THAT(emit(), AllOf(HasSubstr("struct Film {"), HasSubstr("struct OldFilm {")));
  EXPECT_THAT(emit("rename: {old.film: Ancient}\n"), HasSubstr("struct Ancient {"));
  EXPECT_THAT(emit("rename: {film: Ancient}\n"), HasSubstr("struct Ancient {"));
}

TEST_F(EmittedClient, MakesWayForTheTypesItUses) {
  query("A", "many", {}, {text("id")}, "public.hosts");
  EXPECT_THAT(emit(), HasSubstr("struct PublicHost {"));
}

TEST_F(EmittedClient, RefusesARenameToANameThatIsTaken) {
  query("A", "many", {}, {text("id")}, "public.hosts");
  EXPECT_EQ(files_.without_directory(fault([&] { emit("rename: {hosts: Host}\n"); })),
            "film/plugin.yaml: rename: hosts: expected a name of its own, found Host, which is "
            "taken");
}

TEST_F(EmittedClient, RenamesMembersByTheirColumn) {
  TypedName title = text("title");
  title.table = "public.films.title";
  query("A", "many", {}, {title}, "public.films");
  const auto renamed =
      AllOf(HasSubstr("  std::string name{};"), HasSubstr("visitor_(\"title\", self_.name);"));
  EXPECT_THAT(emit("rename: {public.films.title: name}\n"), renamed);
  EXPECT_THAT(emit("rename: {films.title: name}\n"), renamed);
}

TEST_F(EmittedClient, TakesTypesOfTheAuthorsOwn) {
  TypedName id{"id", "uuid", 2950, true, "public.films.id"};
  query("A", "opt", {{"id", "uuid", 2950, false, ""}}, {id, text("title")});
  const std::string by_type =
      emit("overrides: [{type: uuid, cpp: app::Id, include: app/id.hpp}]\n");
  EXPECT_THAT(by_type, HasSubstr("#include \"app/id.hpp\"\n"));
  EXPECT_THAT(by_type, HasSubstr("  std::optional<app::Id> id{};\n"));
  EXPECT_THAT(by_type, HasSubstr("const app::Id& id"));
  const std::string by_column =
      emit("overrides: [{column: public.films.id, cpp: app::Id, include: <app/id.hpp>}]\n");
  EXPECT_THAT(by_column, HasSubstr("#include <app/id.hpp>\n"));
  EXPECT_THAT(by_column, HasSubstr("  std::optional<app::Id> id{};\n"));
  EXPECT_THAT(by_column, HasSubstr("const Uuid& id"));
}

TEST_F(EmittedClient, KnowsExpressionsByTheirQuery) {
  query("A", "many", {}, {text("id"), text("all")});
  query("B", "many", {}, {text("id"), text("all")});
  query("C", "one", {}, {text("all")});
  const std::string header = emit(
      "rename: {A.all: everything}\n"
      "overrides: [{column: B.all, cpp: app::All}, {column: C.all, cpp: app::One}]\n");
  EXPECT_THAT(header, HasSubstr("struct ARow {\n  std::string id{};\n  std::string everything{};"));
  EXPECT_THAT(header, HasSubstr("struct BRow {\n  std::string id{};\n  app::All all{};"));
  EXPECT_THAT(header, HasSubstr("  app::One c(Executor& db, "));
}

TEST_F(EmittedClient, RefusesNamesOfWhatIsNotThere) {
  query("A", "many", {}, {text("id"), text("all")});
  const auto refused = [&](const std::string& names) {
    return files_.without_directory(fault([&] { emit(names); }));
  };
  const std::string rest =
      ": expected what the queries give: schema.table, a type, schema.table.column, or "
      "Query.column, found nothing of that name";
  EXPECT_EQ(refused("rename: {public.nope: Nope}\n"),
            "film/plugin.yaml: rename: public.nope" + rest);
  EXPECT_EQ(refused("rename: {B.all: everything}\n"), "film/plugin.yaml: rename: B.all" + rest);
  EXPECT_EQ(refused("overrides: [{type: uuid, cpp: app::Id}, {column: A.some, cpp: app::Some}]\n"),
            "film/plugin.yaml: overrides: A.some" + rest);
}

TEST_F(EmittedClient, GivesRowsOfEqualShapeOneType) {
  query("A", "many", {}, {text("id"), text("title")});
  query("B", "opt", {}, {text("id"), text("title")});
  query("C", "opt", {}, {text("id"), text("title", true)});
  const std::string header = emit();
  EXPECT_THAT(header, AllOf(HasSubstr("struct ARow {"), HasSubstr("using BRow = ARow;"),
                            HasSubstr("struct CRow {")));
}

TEST_F(EmittedClient, HasEnumClassesForEnumerations) {
  lock_.types.push_back(
      {"public.mood", TypeEntry::Form::enumeration, {"sad", "very happy", "class"}});
  query("A", "opt", {{"mood", "public.mood", 0, true, ""}},
        {{"mood", "public.mood", 0, false, ""}, text("id")});
  const std::string header = emit();
  EXPECT_THAT(header, HasSubstr("enum class Mood : std::uint16_t {\n"
                                "  sad,\n  very_happy,\n  class_,\n};\n"));
  EXPECT_THAT(header, HasSubstr("      \"very happy\",\n"));
  EXPECT_THAT(header, HasSubstr("std::optional<Mood> mood,"));
  EXPECT_THAT(header, HasSubstr("  Mood mood{};\n"));
}

TEST_F(EmittedClient, ReadsWhatHasNoTypeOfItsOwnAsText) {
  query("A", "opt", {{"p", "point", 600, false, ""}}, {{"p", "point", 600, false, ""}, text("id")});
  const std::string header = emit();
  EXPECT_THAT(header, HasSubstr("  std::string p{};\n"));
  EXPECT_THAT(header, HasSubstr("std::string_view p,"));
  EXPECT_THAT(header, HasSubstr("encode_as(encoded_, 0, p);"));
}

TEST_F(EmittedClient, RefusesATypeThatTheLockFileDoesNotDescribe) {
  query("A", "opt", {}, {{"m", "public.mood", 0, false, ""}});
  try {
    emit();
    FAIL();
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "the lock file does not describe type public.mood");
  }
}

TEST_F(EmittedClient, CarriesTheDocumentation) {
  query("A", "exec", {}, {}, "", "-- The first line;\n--\n-- the second\\\n");
  EXPECT_THAT(emit(), HasSubstr("  // The first line;\n  //\n  // the second\\.\n  void a("));
}

TEST_F(EmittedClient, KeepsTheManifestsWordsInsideAComment) {
  EXPECT_THAT(emit("name: Films\ndescription: |\n  All of\n  them\n"),
              HasSubstr("// Films 1.2.3: All of them.\n"));
  EXPECT_THAT(emit(), HasSubstr("// film 1.2.3.\n"));
}

TEST_F(EmittedClient, BindsByNameAndSignature) {
  query("GetFilm", "opt", {text("id")}, {text("id"), text("title", true)});
  const std::string header = emit();
  EXPECT_THAT(header, HasSubstr("  client::Binder bind(host, \"film\");\n"
                                "  bind(client.get_film_query_, \"GetFilm\", 0x"));
  EXPECT_THAT(header, HasSubstr("       \":opt (id text) -> (id text, title text?)\");\n"));
}

TEST_F(EmittedClient, BreaksLongSignaturesAtAHundredCharacters) {
  std::vector<TypedName> columns;
  for (int i = 0; i < 60; ++i)
    columns.push_back(text("a_rather_long_column_name_" + std::to_string(i)));
  query("ListFilmsOfList", "many", {text("id")}, columns);
  const std::string header = emit();
  std::size_t from = 0;
  for (std::size_t end = header.find('\n'); end != header.npos; end = header.find('\n', from)) {
    EXPECT_LE(end - from, 100U) << header.substr(from, end - from);
    from = end + 1;
  }
}

TEST_F(EmittedClient, MayHaveNoQueries) {
  const std::string header = emit();
  EXPECT_THAT(header, HasSubstr("class Client {"));
  EXPECT_THAT(header, Not(HasSubstr("_query_")));
}

}  // namespace
}  // namespace qm::codegen

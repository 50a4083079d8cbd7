// The queries of crew, with aliases and portraits.
#include <quartermaster/error.hpp>
#include <quartermaster/transaction.hpp>

#include "qar_database.hpp"

namespace qm::test {
namespace {

using CrewRows = Qar;

TEST_F(CrewRows, AreCreatedAndFound) {
  const auto made = client.create_crew(db, {.name = "Anne",
                                            .disambiguation = "first",
                                            .gender = "female",
                                            .christening = day("1970-01-02"),
                                            .scuttled = day("2020-03-04"),
                                            .nationality = "GB",
                                            .maiden_voyage = 1990,
                                            .last_port = 1995,
                                            .bio = "b",
                                            .image_path = "i",
                                            .urls = {"u1", "u2"},
                                            .stash_id = "s",
                                            .charter = "c",
                                            .registry = "r",
                                            .manifest = "m"});
  EXPECT_EQ(client.get_crew(db, made.id), made);
  EXPECT_EQ(client.get_crew_by_charter(db, "c"), made);
  EXPECT_EQ(client.get_crew_by_charter(db, "x"), std::nullopt);
  EXPECT_EQ(made.urls, (Texts{"u1", "u2"}));
  EXPECT_EQ(made.maiden_voyage, 1990);
  EXPECT_EQ(made.last_port, 1995);
  EXPECT_EQ(made.christening, day("1970-01-02"));
  EXPECT_EQ(made.scuttled, day("2020-03-04"));
  EXPECT_THROW(client.create_crew(db, {.name = "x", .registry = "r"}), UniqueViolation);
  EXPECT_THROW(client.create_crew(db, {.name = "x", .maiden_voyage = 2000, .last_port = 1999}),
               CheckViolation);
}

TEST_F(CrewRows, AreListedAndCounted) {
  const Uuid b = crew("b");
  const auto tied = sorted({crew("a"), crew("a")});
  EXPECT_EQ(ids(client.list_crew(db, {.limit = all, .offset = 0})),
            (std::vector{tied[0], tied[1], b}));
  EXPECT_EQ(ids(client.list_crew(db, {.limit = 1, .offset = 2})), (std::vector{b}));
  EXPECT_EQ(client.count_crew(db), 3);
}

TEST_F(CrewRows, AreFoundByNameOrAliasBestMatchFirst) {
  const Uuid exact_alias = crew("Somebody Else");
  client.add_crew_name(db, {.crew_id = exact_alias, .name = "Anne Bonny"});
  client.add_crew_name(db, {.crew_id = exact_alias, .name = "Anne Bonnie"});
  crew("Anne Bonnet");
  crew("Blackbeard");
  EXPECT_EQ(names(client.search_crew(db, {.query = "anne bonny", .limit = 9, .offset = 0})),
            (Texts{"Somebody Else", "Anne Bonnet"}));
  EXPECT_EQ(names(client.search_crew(db, {.query = "anne bonny", .limit = 1, .offset = 1})),
            (Texts{"Anne Bonnet"}));
  EXPECT_TRUE(client.search_crew(db, {.query = "%_%", .limit = 9, .offset = 0}).empty());
}

TEST_F(CrewRows, EquallyGoodMatchesComeByNameThenId) {
  const auto tied = sorted({crew("Anne Bonny"), crew("Anne Bonny")});
  const Uuid by_alias = crew("Zoe");
  client.add_crew_name(db, {.crew_id = by_alias, .name = "Anne Bonny"});
  EXPECT_EQ(ids(client.search_crew(db, {.query = "Anne Bonny", .limit = 9, .offset = 0})),
            (std::vector{tied[0], tied[1], by_alias}));
}

TEST_F(CrewRows, AreChangedByWhatIsGiven) {
  const Uuid id = crew("old");
  client.update_crew(db, {.id = id,
                          .disambiguation = "d",
                          .gender = "g",
                          .christening = day("1970-01-02"),
                          .scuttled = day("2020-03-04"),
                          .nationality = "n",
                          .maiden_voyage = 1990,
                          .last_port = 1995,
                          .bio = "b",
                          .image_path = "i",
                          .urls = Texts{"u"},
                          .stash_id = "s",
                          .charter = "c",
                          .registry = "r",
                          .manifest = "m"});
  const auto row = client.update_crew(db, {.id = id, .name = "new"});
  ASSERT_TRUE(row);
  EXPECT_EQ(row->name, "new");
  EXPECT_EQ(row->disambiguation, "d");
  EXPECT_EQ(row->gender, "g");
  EXPECT_EQ(row->christening, day("1970-01-02"));
  EXPECT_EQ(row->scuttled, day("2020-03-04"));
  EXPECT_EQ(row->nationality, "n");
  EXPECT_EQ(row->maiden_voyage, 1990);
  EXPECT_EQ(row->last_port, 1995);
  EXPECT_EQ(row->bio, "b");
  EXPECT_EQ(row->image_path, "i");
  EXPECT_EQ(row->urls, Texts{"u"});
  EXPECT_EQ(row->stash_id, "s");
  EXPECT_EQ(row->charter, "c");
  EXPECT_EQ(row->registry, "r");
  EXPECT_EQ(row->manifest, "m");
  EXPECT_GT(row->updated_at, row->created_at);
  EXPECT_EQ(client.update_crew(db, {.id = Uuid{}, .name = "x"}), std::nullopt);
}

TEST_F(CrewRows, GoWithNamesPortraitsAndLinks) {
  const Uuid id = crew("c");
  const Uuid scene = voyage(fleet(), "v");
  client.add_crew_name(db, {.crew_id = id, .name = "n"});
  client.add_crew_portrait(db, {.crew_id = id, .path = "p"});
  client.set_voyage_crew(db, {.voyage_id = scene, .crew_id = id});
  EXPECT_EQ(client.delete_crew(db, id), 1);
  EXPECT_EQ(client.delete_crew(db, id), 0);
  EXPECT_TRUE(client.list_crew_names(db, id).empty());
  EXPECT_TRUE(client.list_crew_portraits(db, id).empty());
  EXPECT_TRUE(client.list_voyage_crew(db, scene).empty());
}

TEST_F(CrewRows, HaveEachNameOnce) {
  const Uuid id = crew("c");
  EXPECT_EQ(client.add_crew_name(db, {.crew_id = id, .name = "b"}), 1);
  EXPECT_EQ(client.add_crew_name(db, {.crew_id = id, .name = "a"}), 1);
  EXPECT_EQ(client.add_crew_name(db, {.crew_id = id, .name = "b"}), 0);
  EXPECT_EQ(client.add_crew_name(db, {.crew_id = crew("other"), .name = "b"}), 1);
  EXPECT_EQ(names(client.list_crew_names(db, id)), (Texts{"a", "b"}));
  EXPECT_EQ(client.remove_crew_name(db, {.crew_id = id, .name = "a"}), 1);
  EXPECT_EQ(client.remove_crew_name(db, {.crew_id = id, .name = "a"}), 0);
  EXPECT_EQ(names(client.list_crew_names(db, id)), (Texts{"b"}));
}

TEST_F(CrewRows, ListAtMostFiveHundredNames) {
  const Uuid id = crew("c");
  sql("insert into qar.crew_names (crew_id, name) select '" + id.to_string() +
      "', lpad(n::text, 3, '0') from generate_series(0, 500) n");
  const auto listed = names(client.list_crew_names(db, id));
  ASSERT_EQ(listed.size(), 500U);
  EXPECT_EQ(listed.back(), "499");
}

TEST_F(CrewRows, APortraitOfTheSamePathIsReplaced) {
  const Uuid id = crew("c");
  const auto first =
      client.add_crew_portrait(db, {.crew_id = id, .path = "p", .source = "s", .blurhash = "b"});
  EXPECT_FALSE(first.is_primary);
  const auto again = client.add_crew_portrait(db, {.crew_id = id, .path = "p", .source = "t"});
  EXPECT_EQ(again.id, first.id);
  EXPECT_EQ(again.source, "t");
  EXPECT_EQ(again.blurhash, std::nullopt);
}

TEST_F(CrewRows, HaveOnePrimaryPortrait) {
  const Uuid id = crew("c");
  std::vector<Uuid> portraits;
  for (const char* path : {"1", "2", "3"})
    portraits.push_back(client.add_crew_portrait(db, {.crew_id = id, .path = path}).id);
  sql("update qar.crew_portraits set created_at = '2024-01-01'::date + path::int");
  EXPECT_EQ(client.set_primary_crew_portrait(db, {.crew_id = Uuid{}, .id = portraits[2]}), 0)
      << "of another crew row";
  EXPECT_EQ(client.set_primary_crew_portrait(db, {.crew_id = id, .id = portraits[2]}), 1);
  EXPECT_EQ(ids(client.list_crew_portraits(db, id)),
            (std::vector{portraits[2], portraits[0], portraits[1]}));
  EXPECT_THROW(client.set_primary_crew_portrait(db, {.crew_id = id, .id = portraits[1]}),
               UniqueViolation);

  auto connection = db.acquire();
  Transaction transaction(*connection);
  EXPECT_EQ(client.clear_primary_crew_portrait(transaction, id), 1);
  EXPECT_EQ(client.clear_primary_crew_portrait(transaction, id), 0);
  EXPECT_EQ(client.set_primary_crew_portrait(transaction, {.crew_id = id, .id = portraits[1]}), 1);
  transaction.commit();
  EXPECT_EQ(client.list_crew_portraits(db, id)[0].id, portraits[1]);
}

}  // namespace
}  // namespace qm::test

// The queries of voyages.
#include <array>
#include <quartermaster/error.hpp>

#include "qar_database.hpp"

namespace qm::test {
namespace {

using Voyages = Qar;

TEST_F(Voyages, AreCreatedAndFound) {
  const Uuid in = fleet();
  const auto made = client.create_voyage(db, {.fleet_id = in,
                                              .port_id = port("p"),
                                              .expedition_id = expedition(in, "e"),
                                              .leg = 2,
                                              .title = "t",
                                              .sort_title = "s",
                                              .overview = "o",
                                              .launch_date = day("2020-01-02"),
                                              .distance = 20,
                                              .director = "d",
                                              .cover_path = "p",
                                              .stash_id = "st",
                                              .charter = "c",
                                              .registry = "r",
                                              .whisparr_id = 7});
  EXPECT_EQ(client.get_voyage(db, made.id), made);
  EXPECT_EQ(client.get_voyage_by_charter(db, "c"), made);
  EXPECT_EQ(client.get_voyage_by_whisparr_id(db, 7), made);
  EXPECT_EQ(client.get_voyage_by_whisparr_id(db, 8), std::nullopt);
  EXPECT_EQ(made.leg, 2);
  EXPECT_EQ(made.stash_id, "st");
  EXPECT_THROW(client.create_voyage(db, {.fleet_id = in, .title = "t", .charter = "c"}),
               UniqueViolation);
  EXPECT_THROW(client.create_voyage(db, {.fleet_id = in, .leg = 0, .title = "t"}), CheckViolation);
}

TEST_F(Voyages, DeletedOnesAreGoneFromEverywhereUntilRestored) {
  const Uuid in = fleet();
  const Uuid who = crew("who");
  const Uuid what = flag("what");
  const Uuid whole = expedition(in, "whole");
  const Uuid id = client
                      .create_voyage(db, {.fleet_id = in,
                                          .expedition_id = whole,
                                          .title = "Journey",
                                          .charter = "c",
                                          .whisparr_id = 7})
                      .id;
  client.set_voyage_crew(db, {.voyage_id = id, .crew_id = who});
  client.add_voyage_flag(db, {.voyage_id = id, .flag_id = what});
  const auto visible = [&] {
    return std::array{
        client.get_voyage(db, id).has_value(),
        client.get_voyage_by_charter(db, "c").has_value(),
        client.get_voyage_by_whisparr_id(db, 7).has_value(),
        !client.list_voyages(db, {.limit = all, .offset = 0}).empty(),
        client.count_voyages(db, {}) == 1,
        !client.search_voyages(db, {.query = "Journey", .limit = 9, .offset = 0}).empty(),
        !client.list_voyages_by_crew(db, {.crew_id = who, .limit = 9, .offset = 0}).empty(),
        !client.list_voyages_by_flags(db, {.flag_ids = {what}, .limit = 9, .offset = 0}).empty(),
        !client.list_voyages_by_flags(db, {.flag_ids = {}, .limit = 9, .offset = 0}).empty(),
        !client.list_voyages_by_expedition(db, whole).empty(),
        client.update_voyage(db, {.id = id}).has_value()};
  };
  EXPECT_THAT(visible(), testing::Each(true));
  EXPECT_EQ(client.restore_voyage(db, id), 0) << "it is live";
  EXPECT_EQ(client.delete_voyage(db, id), 1);
  EXPECT_EQ(client.delete_voyage(db, id), 0);
  EXPECT_THAT(visible(), testing::Each(false));
  EXPECT_EQ(client.restore_voyage(db, id), 1);
  EXPECT_THAT(visible(), testing::Each(true));
}

TEST_F(Voyages, ARestoredOneMustNotMeetItsSuccessor) {
  const Uuid in = fleet();
  const auto old = client.create_voyage(db, {.fleet_id = in, .title = "old", .charter = "c"});
  client.delete_voyage(db, old.id);
  client.create_voyage(db, {.fleet_id = in, .title = "new", .charter = "c"});
  EXPECT_THROW(client.restore_voyage(db, old.id), UniqueViolation);
}

TEST_F(Voyages, ArePurgedByTheTimeOfDeletion) {
  const Uuid in = fleet();
  const Uuid live = voyage(in, "live");
  const Uuid before = voyage(in, "before");
  const Uuid at = voyage(in, "at");
  client.upsert_voyage_file(db, {.voyage_id = before, .file_path = "/f", .file_size = 1});
  sql("update qar.voyages set deleted_at = case title when 'before' then '2024-01-01 00:00+00' "
      "else '2024-01-02 00:00+00' end::timestamptz where title <> 'live'");
  EXPECT_EQ(client.purge_deleted_voyages(db, TimestampTz::parse("2024-01-02 00:00:00+00")), 1)
      << "strictly before";
  EXPECT_EQ(ask("select string_agg(title, ' ' order by title) from qar.voyages"), "at live");
  EXPECT_TRUE(client.list_voyage_files(db, before).empty());
  EXPECT_TRUE(client.get_voyage(db, live));
  EXPECT_EQ(client.restore_voyage(db, at), 1);
}

class ListedVoyages : public Qar {
 protected:
  Uuid one = fleet("one");
  Uuid two = fleet("two");
  Uuid from = port("p");
  Uuid early = make("a early", one, "2020-01-01", "z");
  Uuid middle = make("b middle", one, "2021-01-01", {});
  Uuid late = make("c late", two, "2022-01-01", {});
  Uuid undated = make("d undated", two, {}, {});

  Uuid make(std::string_view title, const Uuid& of, const char* launch,
            std::optional<std::string_view> sort) {
    return client
        .create_voyage(db, {.fleet_id = of,
                            .port_id = of == one ? std::optional(from) : std::nullopt,
                            .title = title,
                            .sort_title = sort,
                            .launch_date = launch ? std::optional(day(launch)) : std::nullopt})
        .id;
  }
  std::vector<Uuid> list(qar::ListVoyagesParams params) {
    params.limit = all;
    return ids(client.list_voyages(db, params));
  }
  using Ids = std::vector<Uuid>;
};

TEST_F(ListedVoyages, LatestLaunchFirst) {
  EXPECT_EQ(list({}), (Ids{late, middle, early, undated}));
  EXPECT_EQ(list({.order_by = "anything"}), (Ids{late, middle, early, undated}));
  EXPECT_EQ(ids(client.list_voyages(db, {.limit = 2, .offset = 1})), (Ids{middle, early}));
}

TEST_F(ListedVoyages, ByTitleOrTimeOfAddition) {
  EXPECT_EQ(list({.order_by = "title"}), (Ids{middle, late, undated, early}));
  sql("update qar.voyages set created_at = '2024-01-01'::date + ascii(title)");
  EXPECT_EQ(list({.order_by = "added"}), (Ids{undated, late, middle, early}));
  sql("update qar.voyages set created_at = '2024-01-01'");
  EXPECT_EQ(list({.order_by = "added"}), (Ids{late, middle, early, undated})) << "the tie";
}

TEST_F(ListedVoyages, EqualOnesById) {
  sql("update qar.voyages set launch_date = null");
  EXPECT_EQ(list({}), sorted({early, middle, late, undated}));
}

TEST_F(ListedVoyages, PassEveryFilter) {
  EXPECT_EQ(list({.fleet_id = two}), (Ids{late, undated}));
  EXPECT_EQ(list({.port_id = from}), (Ids{middle, early}));
  EXPECT_EQ(list({.launched_from = day("2021-01-01")}), (Ids{late, middle}));
  EXPECT_EQ(list({.launched_to = day("2021-01-01")}), (Ids{middle, early}));
  EXPECT_EQ(list({.fleet_id = one,
                  .port_id = from,
                  .launched_from = day("2020-06-01"),
                  .launched_to = day("2021-01-01")}),
            (Ids{middle}));
  EXPECT_EQ(client.count_voyages(db, {}), 4);
  EXPECT_EQ(client.count_voyages(db, {.fleet_id = two}), 2);
  EXPECT_EQ(client.count_voyages(db, {.port_id = from, .launched_from = day("2021-01-01")}), 1);
  EXPECT_EQ(client.count_voyages(db, {.launched_to = day("2021-01-01")}), 2);
}

TEST_F(ListedVoyages, OfACrewRow) {
  const Uuid who = crew("who");
  for (const Uuid& id : {undated, early, late})
    client.set_voyage_crew(db, {.voyage_id = id, .crew_id = who});
  EXPECT_EQ(ids(client.list_voyages_by_crew(db, {.crew_id = who, .limit = 9, .offset = 0})),
            (Ids{late, early, undated}));
  EXPECT_EQ(ids(client.list_voyages_by_crew(db, {.crew_id = who, .limit = 1, .offset = 1})),
            (Ids{early}));
}

TEST_F(ListedVoyages, WithEveryFlag) {
  const Uuid a = flag("a");
  const Uuid b = flag("b");
  client.add_voyage_flag(db, {.voyage_id = early, .flag_id = a});
  client.add_voyage_flag(db, {.voyage_id = late, .flag_id = a});
  client.add_voyage_flag(db, {.voyage_id = late, .flag_id = b});
  const auto with = [&](std::vector<Uuid> flags) {
    return ids(client.list_voyages_by_flags(
        db, {.flag_ids = std::move(flags), .limit = all, .offset = 0}));
  };
  EXPECT_EQ(with({a}), (Ids{late, early}));
  EXPECT_EQ(with({a, b}), (Ids{late}));
  EXPECT_EQ(with({b, a, b}), (Ids{late})) << "duplicates count once";
  EXPECT_EQ(with({a, Uuid{}}), Ids{});
  EXPECT_EQ(with({}), (Ids{late, middle, early, undated}));
  EXPECT_EQ(ids(client.list_voyages_by_flags(db, {.flag_ids = {a}, .limit = 1, .offset = 1})),
            (Ids{early}));
}

TEST_F(ListedVoyages, OfAnExpeditionLegByLeg) {
  const Uuid whole = expedition(one, "whole");
  client.update_voyage(db, {.id = late, .expedition_id = whole, .leg = 1});
  client.update_voyage(db, {.id = early, .expedition_id = whole, .leg = 2});
  client.update_voyage(db, {.id = undated, .expedition_id = whole});
  client.update_voyage(db, {.id = middle, .expedition_id = whole});
  EXPECT_EQ(ids(client.list_voyages_by_expedition(db, whole)), (Ids{late, early, middle, undated}));
}

TEST_F(Voyages, AreFoundByResemblance) {
  const Uuid in = fleet();
  for (const char* title : {"The Long Journey Home", "The Long Journey", "Elsewhere"})
    voyage(in, title);
  EXPECT_EQ(titles(client.search_voyages(db, {.query = "long journey", .limit = 9, .offset = 0})),
            (Texts{"The Long Journey", "The Long Journey Home"}));
  EXPECT_EQ(titles(client.search_voyages(db, {.query = "long journey", .limit = 9, .offset = 1})),
            (Texts{"The Long Journey Home"}));
}

TEST_F(Voyages, AreChangedByWhatIsGiven) {
  const Uuid in = fleet();
  const Uuid from = port("p");
  const Uuid whole = expedition(in, "e");
  const Uuid id = voyage(in, "old");
  client.update_voyage(db, {.id = id,
                            .port_id = from,
                            .expedition_id = whole,
                            .leg = 2,
                            .sort_title = "s",
                            .overview = "o",
                            .launch_date = day("2020-01-02"),
                            .distance = 20,
                            .director = "d",
                            .cover_path = "p",
                            .stash_id = "st",
                            .charter = "c",
                            .registry = "r",
                            .whisparr_id = 7});
  const auto row = client.update_voyage(db, {.id = id, .title = "new"});
  ASSERT_TRUE(row);
  EXPECT_EQ(row->title, "new");
  EXPECT_EQ(row->fleet_id, in);
  EXPECT_EQ(row->port_id, from);
  EXPECT_EQ(row->expedition_id, whole);
  EXPECT_EQ(row->leg, 2);
  EXPECT_EQ(row->sort_title, "s");
  EXPECT_EQ(row->overview, "o");
  EXPECT_EQ(row->launch_date, day("2020-01-02"));
  EXPECT_EQ(row->distance, 20);
  EXPECT_EQ(row->director, "d");
  EXPECT_EQ(row->cover_path, "p");
  EXPECT_EQ(row->stash_id, "st");
  EXPECT_EQ(row->charter, "c");
  EXPECT_EQ(row->registry, "r");
  EXPECT_EQ(row->whisparr_id, 7);
  EXPECT_GT(row->updated_at, row->created_at);
}

}  // namespace
}  // namespace qm::test

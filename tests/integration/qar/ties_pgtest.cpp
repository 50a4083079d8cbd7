// Rows that compare equal come by id, in every list: a page never shows one twice. Lists whose own
// tests have such rows are not here.
#include "qar_database.hpp"

namespace qm::test {
namespace {

class Ties : public Qar {
 protected:
  using Ids = std::vector<Uuid>;

  template <class Make>
  static Ids three(Make make) {
    return sorted({make(), make(), make()});
  }

  Uuid in = fleet();
};

TEST_F(Ties, OfVoyages) {
  const Uuid whole = expedition(in, "whole");
  const Uuid who = crew("who");
  const Uuid what = flag("what");
  const Ids made = three([&] { return voyage(in, "Same", day("2020-01-01")); });
  for (const Uuid& id : made) {
    client.update_voyage(db, {.id = id, .expedition_id = whole});
    client.set_voyage_crew(db, {.voyage_id = id, .crew_id = who});
    client.add_voyage_flag(db, {.voyage_id = id, .flag_id = what});
  }
  EXPECT_EQ(ids(client.search_voyages(db, {.query = "Same", .limit = 9, .offset = 0})), made);
  EXPECT_EQ(ids(client.list_voyages_by_expedition(db, whole)), made);
  EXPECT_EQ(ids(client.list_voyages_by_crew(db, {.crew_id = who, .limit = 9, .offset = 0})), made);
  EXPECT_EQ(ids(client.list_voyages_by_flags(db, {.flag_ids = {what}, .limit = 9, .offset = 0})),
            made);
}

TEST_F(Ties, OfExpeditions) {
  const Uuid who = crew("who");
  const Ids made = three([&] { return expedition(in, "Same", day("2020-01-01")); });
  for (const Uuid& id : made)
    client.set_expedition_crew(db, {.expedition_id = id, .crew_id = who});
  EXPECT_EQ(ids(client.search_expeditions(db, {.query = "Same", .limit = 9, .offset = 0})), made);
  EXPECT_EQ(ids(client.list_expeditions_by_crew(db, {.crew_id = who, .limit = 9, .offset = 0})),
            made);
}

TEST_F(Ties, OfTreasures) {
  const Ids made = [&] {
    Ids out;
    for (const char* folder : {"/1", "/2", "/3"}) {
      out.push_back(
          client.create_treasure(db, {.fleet_id = in, .title = "Same", .folder_path = folder}).id);
    }
    return sorted(out);
  }();
  EXPECT_EQ(ids(client.search_treasures(db, {.query = "Same", .limit = 9, .offset = 0})), made);
}

TEST_F(Ties, OfPorts) {
  const Uuid parent = port("parent");
  const Ids made =
      three([&] { return client.create_port(db, {.name = "Same", .parent_id = parent}).id; });
  EXPECT_EQ(ids(client.search_ports(db, {.query = "Same", .limit = 9})), made);
  EXPECT_EQ(ids(client.list_port_children(db, {.parent_id = parent, .limit = 9, .offset = 0})),
            made);
}

TEST_F(Ties, OfCrew) {
  const Uuid ada = user("ada");
  const Uuid whole = expedition(in, "whole");
  const Ids made = three([&] { return crew("Same"); });
  for (const Uuid& id : made) {
    client.set_expedition_crew(db, {.expedition_id = whole, .crew_id = id});
    client.enlist_crew(db, {.user_id = ada, .crew_id = id});
  }
  EXPECT_EQ(ids(client.list_expedition_crew(db, whole)), made);
  sql("update qar.crew_roster set enlisted_at = '2024-01-01'");
  EXPECT_EQ(ids(client.list_enlisted_crew(db, {.user_id = ada, .limit = 9, .offset = 0})), made);
}

TEST_F(Ties, OfPortraits) {
  const Uuid who = crew("who");
  Ids made;
  for (const char* path : {"/1", "/2", "/3"})
    made.push_back(client.add_crew_portrait(db, {.crew_id = who, .path = path}).id);
  sql("update qar.crew_portraits set created_at = '2024-01-01'");
  EXPECT_EQ(ids(client.list_crew_portraits(db, who)), sorted(made));
}

TEST_F(Ties, OfScans) {
  sql("insert into qar.fleet_scans (fleet_id) select '" + in.to_string() +
      "' from generate_series(1, 3)");
  const auto listed = ids(client.list_fleet_scans(db, {.fleet_id = in, .limit = 9, .offset = 0}));
  EXPECT_EQ(listed.size(), 3U);
  EXPECT_EQ(listed, sorted(listed));
}

TEST_F(Ties, OfHistory) {
  const Uuid ada = user("ada");
  const Uuid what = voyage(in, "v");
  const Ids made =
      three([&] { return client.append_voyage_log(db, {.user_id = ada, .voyage_id = what}).id; });
  sql("update qar.voyage_log set watched_at = '2024-01-01'");
  EXPECT_EQ(ids(client.list_voyage_log(db, {.user_id = ada, .limit = 9, .offset = 0})), made);
}

// Their ids are numbers: the one written last is the newest.
TEST_F(Ties, OfTheAccessLog) {
  for (const char* action : {"1", "2", "3"})
    client.append_access_log(db, {.action = action, .allowed = true});
  sql("update qar.access_log set created_at = '2024-01-01'");
  Texts listed;
  for (const auto& entry : client.list_access_log(db, {.limit = 9, .offset = 0}))
    listed.push_back(entry.action);
  EXPECT_EQ(listed, (Texts{"3", "2", "1"}));
}

}  // namespace
}  // namespace qm::test

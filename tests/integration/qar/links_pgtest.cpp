// The queries of waypoints and of the links of voyages and expeditions to crew and flags.
#include <quartermaster/error.hpp>

#include "qar_database.hpp"

namespace qm::test {
namespace {

class Links : public Qar {
 protected:
  Uuid in = fleet();
  Uuid scene = voyage(in, "scene");
  Uuid whole = expedition(in, "whole");
};
using Waypoints = Links;

TEST_F(Waypoints, AreListedInOrderOfTime) {
  const Uuid what = flag("what");
  const auto late = client.create_waypoint(db, {.voyage_id = scene,
                                                .flag_id = what,
                                                .title = "late",
                                                .start_seconds = Numeric("600.5"),
                                                .end_seconds = Numeric("601"),
                                                .external_id = "x"});
  EXPECT_EQ(late.flag_id, what);
  EXPECT_EQ(late.start_seconds, Numeric("600.500"));
  EXPECT_EQ(late.end_seconds, Numeric("601.000"));
  EXPECT_EQ(late.external_id, "x");
  const auto early = [&] {
    return client.create_waypoint(db, {.voyage_id = scene, .start_seconds = Numeric("0")}).id;
  };
  const auto tied = sorted({early(), early()});
  EXPECT_EQ(ids(client.list_waypoints(db, scene)), (std::vector{tied[0], tied[1], late.id}));
  EXPECT_THROW(
      client.create_waypoint(
          db, {.voyage_id = scene, .start_seconds = Numeric("2"), .end_seconds = Numeric("1")}),
      CheckViolation);
  EXPECT_THROW(client.create_waypoint(db, {.voyage_id = scene, .start_seconds = Numeric("-1")}),
               CheckViolation);
}

TEST_F(Waypoints, AreChangedAndDeleted) {
  const Uuid what = flag("what");
  const Uuid id =
      client.create_waypoint(db, {.voyage_id = scene, .start_seconds = Numeric("1")}).id;
  client.update_waypoint(db,
                         {.id = id, .flag_id = what, .title = "t", .end_seconds = Numeric("9")});
  const auto row = client.update_waypoint(db, {.id = id, .start_seconds = Numeric("2")});
  ASSERT_TRUE(row);
  EXPECT_EQ(row->flag_id, what);
  EXPECT_EQ(row->title, "t");
  EXPECT_EQ(row->start_seconds, Numeric("2.000"));
  EXPECT_EQ(row->end_seconds, Numeric("9.000"));
  EXPECT_GT(row->updated_at, row->created_at);
  EXPECT_EQ(client.delete_waypoint(db, id), 1);
  EXPECT_EQ(client.delete_waypoint(db, id), 0);
  EXPECT_EQ(client.update_waypoint(db, {.id = id, .title = "x"}), std::nullopt);
}

TEST_F(Links, CrewOfAVoyageComesByPosition) {
  const Uuid last = crew("last");
  const Uuid first = crew("z first");
  const auto unplaced = sorted({crew("b"), crew("b")});
  const Uuid unplaced_a = crew("a");
  EXPECT_EQ(client.set_voyage_crew(
                db, {.voyage_id = scene, .crew_id = last, .credited_as = "L", .position = 2}),
            1);
  client.set_voyage_crew(db, {.voyage_id = scene, .crew_id = first, .position = 1});
  for (const Uuid& id : {unplaced[1], unplaced[0], unplaced_a})
    client.set_voyage_crew(db, {.voyage_id = scene, .crew_id = id});
  const auto listed = client.list_voyage_crew(db, scene);
  EXPECT_EQ(ids(listed), (std::vector{first, last, unplaced_a, unplaced[0], unplaced[1]}));
  EXPECT_EQ(listed[1].credited_as, "L");
  EXPECT_EQ(listed[1].position, 2);
  EXPECT_EQ(listed[2].position, std::nullopt);

  EXPECT_EQ(client.set_voyage_crew(db, {.voyage_id = scene, .crew_id = last}), 1);
  EXPECT_EQ(client.list_voyage_crew(db, scene).back().credited_as, std::nullopt);
  EXPECT_EQ(client.remove_voyage_crew(db, {.voyage_id = scene, .crew_id = last}), 1);
  EXPECT_EQ(client.remove_voyage_crew(db, {.voyage_id = scene, .crew_id = last}), 0);
  EXPECT_EQ(client.list_voyage_crew(db, scene).size(), 4U);
}

TEST_F(Links, CrewOfAnExpeditionComesByPosition) {
  const Uuid b = crew("b");
  const Uuid a = crew("a");
  const Uuid placed = crew("placed");
  client.set_expedition_crew(
      db, {.expedition_id = whole, .crew_id = placed, .credited_as = "P", .position = 1});
  client.set_expedition_crew(db, {.expedition_id = whole, .crew_id = b});
  client.set_expedition_crew(db, {.expedition_id = whole, .crew_id = a});
  const auto listed = client.list_expedition_crew(db, whole);
  EXPECT_EQ(ids(listed), (std::vector{placed, a, b}));
  EXPECT_EQ(listed[0].credited_as, "P");
  EXPECT_EQ(listed[0].position, 1);

  EXPECT_EQ(client.set_expedition_crew(db, {.expedition_id = whole, .crew_id = placed}), 1);
  EXPECT_EQ(ids(client.list_expedition_crew(db, whole)), (std::vector{a, b, placed}));
  EXPECT_EQ(client.remove_expedition_crew(db, {.expedition_id = whole, .crew_id = a}), 1);
  EXPECT_EQ(client.remove_expedition_crew(db, {.expedition_id = whole, .crew_id = a}), 0);
  EXPECT_EQ(ids(client.list_expedition_crew(db, whole)), (std::vector{b, placed}));
}

TEST_F(Links, FlagsOfAVoyageComeByName) {
  const Uuid b = flag("b");
  EXPECT_EQ(client.add_voyage_flag(db, {.voyage_id = scene, .flag_id = b}), 1);
  EXPECT_EQ(client.add_voyage_flag(db, {.voyage_id = scene, .flag_id = b}), 0);
  client.add_voyage_flag(db, {.voyage_id = scene, .flag_id = flag("a")});
  EXPECT_EQ(names(client.list_voyage_flags(db, scene)), (Texts{"a", "b"}));
  EXPECT_EQ(client.remove_voyage_flag(db, {.voyage_id = scene, .flag_id = b}), 1);
  EXPECT_EQ(client.remove_voyage_flag(db, {.voyage_id = scene, .flag_id = b}), 0);
  EXPECT_EQ(names(client.list_voyage_flags(db, scene)), (Texts{"a"}));
}

TEST_F(Links, FlagsOfAnExpeditionComeByName) {
  const Uuid b = flag("b");
  EXPECT_EQ(client.add_expedition_flag(db, {.expedition_id = whole, .flag_id = b}), 1);
  EXPECT_EQ(client.add_expedition_flag(db, {.expedition_id = whole, .flag_id = b}), 0);
  client.add_expedition_flag(db, {.expedition_id = whole, .flag_id = flag("a")});
  EXPECT_EQ(names(client.list_expedition_flags(db, whole)), (Texts{"a", "b"}));
  EXPECT_EQ(client.remove_expedition_flag(db, {.expedition_id = whole, .flag_id = b}), 1);
  EXPECT_EQ(client.remove_expedition_flag(db, {.expedition_id = whole, .flag_id = b}), 0);
  EXPECT_EQ(names(client.list_expedition_flags(db, whole)), (Texts{"a"}));
}

TEST_F(Links, AtMostFiveHundredAreListed) {
  sql("insert into qar.flags (name) select lpad(n::text, 3, '0') from generate_series(0, 500) n; "
      "insert into qar.voyage_flags (voyage_id, flag_id) select '" +
      scene.to_string() + "', id from qar.flags");
  const auto listed = names(client.list_voyage_flags(db, scene));
  ASSERT_EQ(listed.size(), 500U);
  EXPECT_EQ(listed.back(), "499");
}

}  // namespace
}  // namespace qm::test

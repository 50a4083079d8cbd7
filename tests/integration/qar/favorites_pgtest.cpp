// The queries of marks, enlisted crew and ratings.
#include <array>
#include <quartermaster/error.hpp>

#include "qar_database.hpp"

namespace qm::test {
namespace {

class Favorites : public Qar {
 protected:
  Uuid ada = user("ada");
  Uuid bob = user("bob");
  Uuid in = fleet();
};

TEST_F(Favorites, MarkedVoyagesComeLatestFirst) {
  const Uuid a = voyage(in, "a");
  const Uuid b = voyage(in, "b");
  const Uuid gone = voyage(in, "gone");
  for (const Uuid& id : {a, b, gone})
    EXPECT_EQ(client.mark_voyage(db, {.user_id = ada, .voyage_id = id}), 1);
  EXPECT_EQ(client.mark_voyage(db, {.user_id = ada, .voyage_id = a}), 0);
  EXPECT_EQ(client.mark_voyage(db, {.user_id = bob, .voyage_id = a}), 1);
  client.delete_voyage(db, gone);
  sql("update qar.marked_charts set created_at = case voyage_id when '" + a.to_string() +
      "' then '2024-01-01 00:00+00' else '2024-01-02 00:00+00' end::timestamptz");
  const auto listed = client.list_marked_voyages(db, {.user_id = ada, .limit = all, .offset = 0});
  ASSERT_EQ(titles(listed), (Texts{"b", "a"}));
  EXPECT_EQ(listed[1].marked_at, TimestampTz::parse("2024-01-01 00:00:00+00"));
  EXPECT_EQ(titles(client.list_marked_voyages(db, {.user_id = ada, .limit = 1, .offset = 1})),
            (Texts{"a"}));
  sql("update qar.marked_charts set created_at = '2024-01-01'");
  EXPECT_EQ(ids(client.list_marked_voyages(db, {.user_id = ada, .limit = all, .offset = 0})),
            sorted({a, b}));

  EXPECT_EQ(client.unmark_voyage(db, {.user_id = ada, .voyage_id = a}), 1);
  EXPECT_EQ(client.unmark_voyage(db, {.user_id = ada, .voyage_id = a}), 0);
  EXPECT_EQ(client.list_marked_voyages(db, {.user_id = bob, .limit = 9, .offset = 0}).size(), 1U);
}

TEST_F(Favorites, EnlistedCrewComesLatestFirst) {
  const Uuid a = crew("a");
  const Uuid b = crew("b");
  EXPECT_EQ(client.enlist_crew(db, {.user_id = ada, .crew_id = a}), 1);
  EXPECT_EQ(client.enlist_crew(db, {.user_id = ada, .crew_id = a}), 0);
  client.enlist_crew(db, {.user_id = ada, .crew_id = b});
  client.enlist_crew(db, {.user_id = bob, .crew_id = crew("c")});
  sql("update qar.crew_roster set enlisted_at = case crew_id when '" + a.to_string() +
      "' then '2024-01-01 00:00+00' else '2024-01-02 00:00+00' end::timestamptz");
  const auto listed = client.list_enlisted_crew(db, {.user_id = ada, .limit = all, .offset = 0});
  ASSERT_EQ(names(listed), (Texts{"b", "a"}));
  EXPECT_EQ(listed[1].enlisted_at, TimestampTz::parse("2024-01-01 00:00:00+00"));
  EXPECT_EQ(names(client.list_enlisted_crew(db, {.user_id = ada, .limit = 1, .offset = 1})),
            (Texts{"a"}));
  EXPECT_EQ(client.discharge_crew(db, {.user_id = ada, .crew_id = b}), 1);
  EXPECT_EQ(client.discharge_crew(db, {.user_id = ada, .crew_id = b}), 0);
  EXPECT_EQ(client.list_enlisted_crew(db, {.user_id = ada, .limit = 9, .offset = 0}).size(), 1U);
}

TEST_F(Favorites, ARatingIsReplacedAndCleared) {
  const Uuid what = voyage(in, "v");
  const auto first = client.set_voyage_bounty(db, {.user_id = ada, .voyage_id = what, .reward = 1});
  EXPECT_EQ(first.reward, 1);
  const auto next = client.set_voyage_bounty(db, {.user_id = ada, .voyage_id = what, .reward = 10});
  EXPECT_EQ(next.reward, 10);
  EXPECT_EQ(next.created_at, first.created_at);
  EXPECT_GT(next.updated_at, first.updated_at);
  client.set_voyage_bounty(db, {.user_id = bob, .voyage_id = what, .reward = 5});
  for (const std::int16_t reward : std::array<std::int16_t, 2>{0, 11}) {
    EXPECT_THROW(
        client.set_voyage_bounty(db, {.user_id = ada, .voyage_id = what, .reward = reward}),
        CheckViolation);
  }
  EXPECT_EQ(client.clear_voyage_bounty(db, {.user_id = ada, .voyage_id = voyage(in, "w")}), 0);
  EXPECT_EQ(client.clear_voyage_bounty(db, {.user_id = ada, .voyage_id = what}), 1);
  EXPECT_EQ(client.clear_voyage_bounty(db, {.user_id = ada, .voyage_id = what}), 0);
  EXPECT_EQ(ask("select reward from qar.bounties"), "5");
}

}  // namespace
}  // namespace qm::test

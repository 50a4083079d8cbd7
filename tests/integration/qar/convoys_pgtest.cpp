// The queries of convoys and their members.
#include <quartermaster/error.hpp>

#include "qar_database.hpp"

namespace qm::test {
namespace {

class Convoys : public Qar {
 protected:
  Uuid ada = user("ada");
  Uuid bob = user("bob");
  Uuid in = fleet();

  Uuid convoy(std::string_view name, std::optional<Uuid> owner = {}) {
    return client.create_convoy(db, {.owner_user_id = owner, .name = name}).id;
  }
  Uuid add(const Uuid& to, std::optional<Uuid> scene, std::optional<Uuid> whole,
           std::optional<std::int32_t> position = {}) {
    return client
        .add_convoy_member(
            db, {.convoy_id = to, .voyage_id = scene, .expedition_id = whole, .position = position})
        .value()
        .id;
  }
};

TEST_F(Convoys, AreSharedOrOnesOwn) {
  convoy("b of ada", ada);
  convoy("a shared");
  convoy("c of bob", bob);
  const auto list = [&](const Uuid& who, std::int64_t limit, std::int64_t offset) {
    return names(client.list_convoys(db, {.user_id = who, .limit = limit, .offset = offset}));
  };
  EXPECT_EQ(list(ada, all, 0), (Texts{"a shared", "b of ada"}));
  EXPECT_EQ(list(bob, all, 0), (Texts{"a shared", "c of bob"}));
  EXPECT_EQ(list(bob, 1, 1), (Texts{"c of bob"}));
  const auto tied = sorted({convoy("a shared"), convoy("a shared")});
  const auto listed = ids(client.list_convoys(db, {.user_id = bob, .limit = 3, .offset = 0}));
  EXPECT_EQ(listed, sorted(listed));
}

TEST_F(Convoys, AreChangedByThoseWhoSeeThem) {
  const auto made = client.create_convoy(
      db, {.owner_user_id = ada, .name = "old", .description = "d", .cover_path = "c"});
  EXPECT_EQ(made.description, "d");
  EXPECT_EQ(made.cover_path, "c");
  const auto row = client.update_convoy(db, {.id = made.id, .user_id = ada, .name = "new"});
  ASSERT_TRUE(row);
  EXPECT_EQ(row->name, "new");
  EXPECT_EQ(row->description, "d");
  EXPECT_GT(row->updated_at, row->created_at);
  EXPECT_EQ(client.update_convoy(db, {.id = made.id, .user_id = bob, .name = "x"}), std::nullopt);
  const Uuid shared = convoy("shared");
  const auto by_bob = client.update_convoy(
      db, {.id = shared, .user_id = bob, .description = "x", .cover_path = "y"});
  EXPECT_EQ(by_bob->name, "shared");
  EXPECT_EQ(by_bob->description, "x");
  EXPECT_EQ(by_bob->cover_path, "y");
}

TEST_F(Convoys, AreDeletedByTheirOwnerAlone) {
  const Uuid own = convoy("own", ada);
  const Uuid shared = convoy("shared");
  EXPECT_EQ(client.delete_convoy(db, {.id = own, .user_id = bob}), 0);
  EXPECT_EQ(client.delete_convoy(db, {.id = shared, .user_id = ada}), 0);
  EXPECT_EQ(client.delete_convoy(db, {.id = own, .user_id = ada}), 1);
}

TEST_F(Convoys, TakeEachMemberOnce) {
  const Uuid to = convoy("c");
  const Uuid scene = voyage(in, "v");
  const Uuid whole = expedition(in, "e");
  const Uuid member = add(to, scene, {}, 1);
  add(to, {}, whole);
  EXPECT_EQ(client.add_convoy_member(db, {.convoy_id = to, .voyage_id = scene}), std::nullopt);
  EXPECT_EQ(client.add_convoy_member(db, {.convoy_id = to, .expedition_id = whole}), std::nullopt);
  EXPECT_THROW(client.add_convoy_member(db, {.convoy_id = to}), CheckViolation);
  EXPECT_THROW(client.add_convoy_member(
                   db, {.convoy_id = convoy("d"), .voyage_id = scene, .expedition_id = whole}),
               CheckViolation);

  EXPECT_EQ(client.remove_convoy_member(db, {.convoy_id = convoy("e"), .id = member}), 0);
  EXPECT_EQ(client.remove_convoy_member(db, {.convoy_id = to, .id = member}), 1);
  EXPECT_TRUE(client.add_convoy_member(db, {.convoy_id = to, .voyage_id = scene}));
}

TEST_F(Convoys, ListLiveMembersInOrder) {
  const Uuid to = convoy("c");
  const Uuid gone = voyage(in, "gone");
  const Uuid gone_whole = expedition(in, "gone");
  add(to, gone, {}, 1);
  add(to, {}, gone_whole, 1);
  const Uuid second = add(to, voyage(in, "second", day("2020-01-01")), {}, 2);
  const Uuid first = add(to, {}, expedition(in, "first", day("2021-01-01")), 1);
  const Uuid newer = add(to, voyage(in, "newer"), {});
  const Uuid older = add(to, voyage(in, "older"), {});
  sql("update qar.convoy_members set created_at = '2024-01-01' where id = '" + older.to_string() +
      "'");
  client.delete_voyage(db, gone);
  client.delete_expedition(db, gone_whole);
  const auto listed = client.list_convoy_members(db, {.convoy_id = to, .limit = all, .offset = 0});
  ASSERT_EQ(ids(listed), (std::vector{first, second, older, newer}));
  EXPECT_EQ(titles(listed), (Texts{"first", "second", "older", "newer"}));
  EXPECT_EQ(listed[0].launch_date, day("2021-01-01"));
  EXPECT_EQ(listed[1].launch_date, day("2020-01-01"));
  EXPECT_EQ(listed[2].launch_date, std::nullopt);
  EXPECT_EQ(listed[0].position, 1);
  EXPECT_TRUE(listed[0].expedition_id && !listed[0].voyage_id);
  EXPECT_EQ(ids(client.list_convoy_members(db, {.convoy_id = to, .limit = 2, .offset = 1})),
            (std::vector{second, older}));
  sql("update qar.convoy_members set position = null, created_at = '2024-01-01'");
  EXPECT_EQ(ids(client.list_convoy_members(db, {.convoy_id = to, .limit = all, .offset = 0})),
            sorted({first, second, older, newer}));
}

}  // namespace
}  // namespace qm::test

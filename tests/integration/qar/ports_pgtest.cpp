// The queries of ports and flags, which both have parents.
#include <quartermaster/error.hpp>

#include "qar_database.hpp"

namespace qm::test {
namespace {

using Ports = Qar;
using Flags = Qar;

TEST_F(Ports, AreCreatedAndFound) {
  const Uuid parent = port("parent");
  const auto made = client.create_port(db, {.name = "p",
                                            .parent_id = parent,
                                            .url = "u",
                                            .description = "d",
                                            .logo_path = "l",
                                            .charter = "c",
                                            .registry = "r"});
  EXPECT_EQ(client.get_port(db, made.id), made);
  EXPECT_EQ(client.get_port_by_charter(db, "c"), made);
  EXPECT_EQ(client.get_port_by_charter(db, "C"), std::nullopt);
  EXPECT_EQ(made.parent_id, parent);
  EXPECT_EQ(made.registry, "r");
  EXPECT_THROW(client.create_port(db, {.name = "q", .charter = "c"}), UniqueViolation);
  EXPECT_THROW(client.create_port(db, {.name = "q", .registry = "r"}), UniqueViolation);
}

TEST_F(Ports, AreListedByNameThenId) {
  const Uuid b = port("b");
  const auto tied = sorted({port("a"), port("a")});
  EXPECT_EQ(ids(client.list_ports(db, {.limit = all, .offset = 0})),
            (std::vector{tied[0], tied[1], b}));
  EXPECT_EQ(ids(client.list_ports(db, {.limit = 1, .offset = 1})), (std::vector{tied[1]}));
}

TEST_F(Ports, ListTheirChildrenAlone) {
  const Uuid parent = port("parent");
  const auto child = client.create_port(db, {.name = "b", .parent_id = parent});
  client.create_port(db, {.name = "a", .parent_id = parent});
  client.create_port(db, {.name = "grandchild", .parent_id = child.id});
  EXPECT_EQ(names(client.list_port_children(db, {.parent_id = parent, .limit = 9, .offset = 0})),
            (Texts{"a", "b"}));
  EXPECT_EQ(names(client.list_port_children(db, {.parent_id = parent, .limit = 9, .offset = 1})),
            (Texts{"b"}));
}

TEST_F(Ports, AreFoundByResemblance) {
  for (const char* name : {"Harbour Lights", "Harbour Light", "Pier 100%"})
    port(name);
  EXPECT_EQ(names(client.search_ports(db, {.query = "harbour light", .limit = 9})),
            (Texts{"Harbour Light", "Harbour Lights"}));
  EXPECT_EQ(client.search_ports(db, {.query = "harbour light", .limit = 1}).size(), 1U);
  EXPECT_TRUE(client.search_ports(db, {.query = "%", .limit = 9}).empty());
}

TEST_F(Ports, AreChangedByWhatIsGiven) {
  const Uuid id = port("old");
  const Uuid parent = port("parent");
  const auto changed = client.update_port(db, {.id = id,
                                               .parent_id = parent,
                                               .url = "u",
                                               .description = "d",
                                               .logo_path = "l",
                                               .charter = "c",
                                               .registry = "r"});
  ASSERT_TRUE(changed);
  EXPECT_EQ(changed->name, "old");
  EXPECT_GT(changed->updated_at, changed->created_at);
  const auto renamed = client.update_port(db, {.id = id, .name = "new"});
  EXPECT_EQ(renamed->name, "new");
  EXPECT_EQ(renamed->parent_id, parent);
  EXPECT_EQ(renamed->url, "u");
  EXPECT_EQ(renamed->description, "d");
  EXPECT_EQ(renamed->logo_path, "l");
  EXPECT_EQ(renamed->charter, "c");
  EXPECT_EQ(renamed->registry, "r");
  EXPECT_THROW(client.update_port(db, {.id = id, .parent_id = id}), CheckViolation);
  EXPECT_EQ(client.update_port(db, {.id = Uuid{}, .name = "x"}), std::nullopt);
}

TEST_F(Ports, GoAndLeaveWhatNamedThem) {
  const Uuid id = port("p");
  const auto child = client.create_port(db, {.name = "child", .parent_id = id});
  const auto scene = client.create_voyage(db, {.fleet_id = fleet(), .port_id = id, .title = "v"});
  EXPECT_EQ(client.delete_port(db, id), 1);
  EXPECT_EQ(client.delete_port(db, id), 0);
  EXPECT_EQ(client.get_port(db, child.id)->parent_id, std::nullopt);
  EXPECT_EQ(client.get_voyage(db, scene.id)->port_id, std::nullopt);
}

TEST_F(Flags, AreCreatedAndFoundWhateverTheCase) {
  const auto made = client.create_flag(
      db, {.name = "Beach", .description = "d", .waters = "place", .charter = "c"});
  EXPECT_EQ(client.get_flag(db, made.id), made);
  EXPECT_EQ(client.get_flag(db, Uuid{}), std::nullopt);
  EXPECT_EQ(client.get_flag_by_name(db, "bEACH"), made);
  EXPECT_EQ(client.get_flag_by_name(db, "beac"), std::nullopt);
  EXPECT_EQ(made.description, "d");
  EXPECT_EQ(made.waters, "place");
  EXPECT_EQ(made.charter, "c");
  EXPECT_THROW(flag("BEACH"), UniqueViolation);
}

TEST_F(Flags, AreListedByWatersOrAll) {
  client.create_flag(db, {.name = "b", .waters = "place"});
  client.create_flag(db, {.name = "a", .waters = "place"});
  client.create_flag(db, {.name = "c", .waters = "time"});
  flag("d");
  EXPECT_EQ(names(client.list_flags(db, {.waters = "place", .limit = all, .offset = 0})),
            (Texts{"a", "b"}));
  EXPECT_EQ(names(client.list_flags(db, {.limit = all, .offset = 1})), (Texts{"b", "c", "d"}));
  EXPECT_EQ(names(client.list_flags(db, {.limit = 2, .offset = 0})), (Texts{"a", "b"}));
}

TEST_F(Flags, ListTheirChildrenAndStayWhenTheParentGoes) {
  const Uuid parent = flag("parent");
  const auto child = client.create_flag(db, {.name = "b", .parent_id = parent});
  client.create_flag(db, {.name = "a", .parent_id = parent});
  EXPECT_EQ(names(client.list_flag_children(db, {.parent_id = parent, .limit = 9, .offset = 0})),
            (Texts{"a", "b"}));
  EXPECT_EQ(names(client.list_flag_children(db, {.parent_id = parent, .limit = 1, .offset = 1})),
            (Texts{"b"}));

  const Uuid scene = voyage(fleet(), "v");
  client.add_voyage_flag(db, {.voyage_id = scene, .flag_id = parent});
  const auto waypoint = client.create_waypoint(
      db, {.voyage_id = scene, .flag_id = parent, .start_seconds = Numeric("1")});
  EXPECT_EQ(client.delete_flag(db, parent), 1);
  EXPECT_EQ(client.delete_flag(db, parent), 0);
  EXPECT_EQ(client.get_flag(db, child.id)->parent_id, std::nullopt);
  EXPECT_TRUE(client.list_voyage_flags(db, scene).empty());
  ASSERT_EQ(client.list_waypoints(db, scene).size(), 1U);
  EXPECT_EQ(client.list_waypoints(db, scene)[0].id, waypoint.id);
  EXPECT_EQ(client.list_waypoints(db, scene)[0].flag_id, std::nullopt);
}

TEST_F(Flags, AreChangedByWhatIsGiven) {
  const Uuid id = flag("old");
  const Uuid parent = flag("parent");
  client.update_flag(
      db, {.id = id, .description = "d", .waters = "place", .parent_id = parent, .charter = "c"});
  const auto renamed = client.update_flag(db, {.id = id, .name = "new"});
  ASSERT_TRUE(renamed);
  EXPECT_EQ(renamed->name, "new");
  EXPECT_EQ(renamed->description, "d");
  EXPECT_EQ(renamed->waters, "place");
  EXPECT_EQ(renamed->parent_id, parent);
  EXPECT_EQ(renamed->charter, "c");
  EXPECT_GT(renamed->updated_at, renamed->created_at);
  EXPECT_THROW(client.update_flag(db, {.id = id, .name = "PARENT"}), UniqueViolation);
  EXPECT_EQ(client.update_flag(db, {.id = Uuid{}, .name = "x"}), std::nullopt);
}

}  // namespace
}  // namespace qm::test

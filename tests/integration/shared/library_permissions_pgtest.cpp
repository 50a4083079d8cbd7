// Permissions: who may do what with a library.
#include "shared_client.hpp"

namespace qm::test {
namespace {

using shared::LibraryPermission;
using testing::ElementsAre;
using testing::IsEmpty;

// Ann may view 1, 2 and 3, of which 3 is out of use, and manage 1; Bea may manage 2.
class LibraryPermissions : public SharedClient {
 protected:
  LibraryPermissions() {
    run("insert into public.libraries (id, name, type, enabled) "
        "select ('00000000-0000-0000-0000-00000000000' || n)::uuid, name, 'movie', enabled "
        "from (values (1, 'same', true), (2, 'same', true), (3, 'out of use', false),"
        " (4, 'a', true)) as l (n, name, enabled) order by n desc");
    run("insert into public.library_permissions (id, library_id, user_id, permission, created_at) "
        "select ('00000000-0000-0000-0000-00000000000' || n)::uuid,"
        " ('00000000-0000-0000-0000-00000000000' || library)::uuid, u.id, permission, created "
        "from (values"
        " (1, 1, 'ann', 'view', timestamptz '2026-01-02'),"
        " (2, 1, 'ann', 'manage', '2026-01-01'),"
        " (3, 2, 'ann', 'view', '2026-01-02'),"
        " (4, 3, 'ann', 'view', '2026-01-03'),"
        " (5, 2, 'bea', 'manage', '2026-01-02'))"
        " as p (n, library, username, permission, created) join shared.users as u "
        "using (username) order by n desc");
  }
  std::string ids() {
    return value(
        "select string_agg(right(id::text, 1), ' ' order by id) from public.library_permissions");
  }

  const Uuid ann = add_user("ann");
  const Uuid bea = add_user("bea");
};

const auto id_of = &LibraryPermission::id;

TEST_F(LibraryPermissions, AreGivenOnce) {
  const auto given = client.create_library_permission(
      db, {.library_id = uuid(4), .user_id = bea, .permission = "view"});
  ASSERT_TRUE(given);
  EXPECT_EQ(given->library_id, uuid(4));
  EXPECT_EQ(given->user_id, bea);
  EXPECT_EQ(given->permission, "view");
  EXPECT_EQ(client.get_library_permission(
                db, {.library_id = uuid(4), .user_id = bea, .permission = "view"}),
            given);
  EXPECT_EQ(client.create_library_permission(
                db, {.library_id = uuid(4), .user_id = bea, .permission = "view"}),
            std::nullopt);
  EXPECT_EQ(client.get_library_permission(
                db, {.library_id = uuid(4), .user_id = bea, .permission = "manage"}),
            std::nullopt);
  EXPECT_EQ(client.count_library_permissions(db, uuid(4)), 1);
  EXPECT_THROW(client.create_library_permission(
                   db, {.library_id = uuid(9), .user_id = bea, .permission = "view"}),
               ForeignKeyViolation);
}

TEST_F(LibraryPermissions, AreListedOldestFirst) {
  EXPECT_THAT(each(client.list_library_permissions(db, uuid(1)), id_of),
              ElementsAre(uuid(2), uuid(1)));
  EXPECT_THAT(each(client.list_library_permissions(db, uuid(2)), id_of),
              ElementsAre(uuid(3), uuid(5)))
      << "the smaller id of a tie";
  EXPECT_THAT(each(client.list_user_library_permissions(db, ann), id_of),
              ElementsAre(uuid(2), uuid(1), uuid(3), uuid(4)));
  EXPECT_THAT(client.list_user_library_permissions(db, uuid(9)), IsEmpty());
  EXPECT_EQ(client.count_library_permissions(db, uuid(2)), 2);
  EXPECT_EQ(client.count_library_permissions(db, uuid(9)), 0);
}

TEST_F(LibraryPermissions, AreCheckedExactly) {
  const auto may = [&](std::uint8_t library, const Uuid& user, const char* permission) {
    return client.check_library_permission(
        db, {.library_id = uuid(library), .user_id = user, .permission = permission});
  };
  EXPECT_TRUE(may(1, ann, "view"));
  EXPECT_TRUE(may(3, ann, "view")) << "whether or not the library is in use";
  EXPECT_TRUE(may(2, bea, "manage"));
  EXPECT_FALSE(may(2, bea, "view")) << "one permission does not imply another";
  EXPECT_FALSE(may(1, bea, "view"));
  EXPECT_FALSE(may(1, ann, "VIEW"));
  EXPECT_FALSE(may(9, ann, "view"));
}

TEST_F(LibraryPermissions, ToViewGiveAccessToLibrariesInUse) {
  const auto accessible = [&](const Uuid& user) {
    return each(client.get_user_accessible_libraries(db, user), &shared::Library::id);
  };
  EXPECT_THAT(accessible(ann), ElementsAre(uuid(1), uuid(2)));
  EXPECT_THAT(accessible(bea), IsEmpty());
  client.create_library_permission(db,
                                   {.library_id = uuid(4), .user_id = ann, .permission = "view"});
  EXPECT_THAT(accessible(ann), ElementsAre(uuid(4), uuid(1), uuid(2))) << "by name, then id";
}

TEST_F(LibraryPermissions, AreTakenBackSinglyOrByLibraryOrByUser) {
  client.delete_library_permission(db,
                                   {.library_id = uuid(1), .user_id = ann, .permission = "manage"});
  client.delete_library_permission(db,
                                   {.library_id = uuid(1), .user_id = bea, .permission = "view"});
  EXPECT_EQ(ids(), "1 3 4 5");
  client.delete_all_library_permissions(db, uuid(2));
  EXPECT_EQ(ids(), "1 4");
  client.create_library_permission(db,
                                   {.library_id = uuid(1), .user_id = bea, .permission = "view"});
  client.delete_user_library_permissions(db, ann);
  EXPECT_EQ(value("select permission || ' ' || (user_id = '" + bea.to_string() +
                  "') from public.library_permissions"),
            "view true");
}

}  // namespace
}  // namespace qm::test

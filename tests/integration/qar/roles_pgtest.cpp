// Isolation by role: without rights on the schema everything else works, and with what docs/qar.md
// grants, this domain does.
#include <fstream>
#include <iterator>
#include <quartermaster/error.hpp>
#include <quartermaster/movie.hpp>
#include <regex>

#include "qar_database.hpp"

namespace qm::test {
namespace {

class Roles : public testing::Test {
 protected:
  Roles() { Host(config_for(url, {"movie", "qar"})).migrator().up(); }
  ~Roles() override {
    run_sql(url, "set role none; drop owned by " + role + "; drop role " + role);
  }

  // From now on, everybody who connects to the database is the role.
  void become_role() {
    run_sql(url, "alter database \"" + database.name() + "\" set role = '" + role + "'");
  }

  TestDatabase database;
  std::string url = database.url();
  std::string role = "role_of_" + database.name();
};

TEST_F(Roles, WithoutRightsOnTheSchemaTheOthersWork) {
  run_sql(url, "create role " + role + "; grant usage on schema shared, public to " + role +
                   "; grant all on all tables in schema shared, public to " + role);
  // Where the tables of movies are depends on their versions.
  run_sql(url,
          "do $$ begin if to_regnamespace('movie') is not null then grant usage on schema "
          "movie to " +
              role + "; grant all on all tables in schema movie to " + role + "; end if; end $$");
  become_role();
  Host host(config_for(url, {"movie", "qar"}));
  EXPECT_EQ(movie::Client::bind(host).value().count_movies(host.pool()), 0);
  EXPECT_THROW(qar::Client::bind(host).value().count_crew(host.pool()), SyntaxOrAccessError);
}

TEST_F(Roles, WithTheRightsOfTheDocumentationThisDomainWorks) {
  std::ifstream file(std::string(SOURCE_ROOT) + "/docs/qar.md");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  std::smatch block;
  ASSERT_TRUE(std::regex_search(text, block, std::regex("```sql\n([^`]*)```")));
  run_sql(url, std::regex_replace(block[1].str(), std::regex("app_qar"), role));
  const Uuid user = Uuid::parse(column(
      url,
      "insert into shared.users (username, email, password_hash, qar_enabled) values ('ada', "
      "'ada@example.org', 'x', true) returning id"));
  become_role();

  Host host(config_for(url, {"movie", "qar"}));
  Pool& db = host.pool();
  const auto client = qar::Client::bind(host).value();
  EXPECT_TRUE(client.check_access(db, {.user_id = user, .session_id = user}).enabled);
  const Uuid fleet =
      client.create_fleet(db, {.name = "f", .fleet_type = "voyage", .owner_user_id = user}).id;
  const Uuid voyage = client.create_voyage(db, {.fleet_id = fleet, .title = "Journey"}).id;
  EXPECT_TRUE(client.update_voyage(db, {.id = voyage, .leg = 1})) << "with its trigger";
  client.save_voyage_progress(db, {.user_id = user, .voyage_id = voyage});
  EXPECT_EQ(client.search_voyages(db, {.query = "journey", .limit = 1, .offset = 0}).size(), 1U);
  client.append_access_log(db, {.user_id = user, .action = "view", .allowed = true});
  EXPECT_EQ(client.count_access_log(db, {}), 1);
  EXPECT_THROW(run_sql(url, "update qar.access_log set allowed = false"), SyntaxOrAccessError);
  EXPECT_EQ(client.delete_fleet(db, fleet), 1);
  EXPECT_THROW(movie::Client::bind(host).value().create_movie(db, {.title = "x"}),
               SyntaxOrAccessError);
}

}  // namespace
}  // namespace qm::test

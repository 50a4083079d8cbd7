// The server ends the migrator's session: the migrator says so, what stays is a clean version, and
// the next run goes on. Needs a server.
#include <future>
#include <quartermaster/error.hpp>

#include "interrupted.hpp"
#include "refusal.hpp"

namespace qm::test {
namespace {

class LostConnection : public Interrupted {
 protected:
  // What up() is refused with when its session is ended as soon as it waits.
  std::string cut_off(const std::vector<PluginInfo>& plugins) {
    auto message = std::async(std::launch::async, [&] {
      MigratorOptions options;
      options.lock_timeout = std::chrono::minutes{5};
      return refusal<Error>([&] { Migrator(url, plugins).up(options); });
    });
    const int backend = wait_until_held();
    column(*watcher, fmt::format("select pg_terminate_backend({})", backend));
    wait_until_gone(backend);
    release();
    return message.get();
  }
};

TEST_F(LostConnection, InAStatement) {
  up_populated(url, 12);
  hold("lock table shared.sessions in access share mode");
  const std::string message = cut_off(base_plugins());
  EXPECT_NE(message.find("57P01"), std::string::npos) << message;
  EXPECT_NE(message.find("000020_add_mfa_to_sessions.up.sql"), std::string::npos) << message;
  expect_at(19);
}

TEST_F(LostConnection, InTheMiddleOfAVersion) {
  up_populated(url, 23);
  hold("create table public.movie_collection_members ()");
  cut_off(base_plugins());
  expect_at(23);
}

TEST_F(LostConnection, WhileCommitting) {
  Migrator(url, base_plugins()).to(5);
  hold_commit_of(6);
  cut_off(base_plugins());
  let_commits_be();
  expect_at(5);
}

TEST_F(LostConnection, MakingAnIndex) {
  Migrator migrator(url, index_plugins());
  migrator.to(1);
  hold("lock table public.t in row exclusive mode");
  const std::string message = cut_off(index_plugins());
  EXPECT_NE(message.find("000002_indexes.up.sql:1"), std::string::npos) << message;
  EXPECT_TRUE(migrator.version().dirty);
  EXPECT_EQ(migrator.up().size(), 1U);
  EXPECT_FALSE(migrator.version().dirty);
  EXPECT_EQ(column(url,
                   "select bool_and(indisvalid) and count(*) = 2 from pg_index where indrelid = "
                   "'public.t'::regclass"),
            "t");
}

}  // namespace
}  // namespace qm::test

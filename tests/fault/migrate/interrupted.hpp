// A migration that is held at a known point and then cut off, from either side.
#pragma once

#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>
#include <array>
#include <cerrno>
#include <memory>
#include <quartermaster/migrator.hpp>
#include <string>
#include <system_error>

#include "database_text.hpp"
#include "plugin_sets.hpp"
#include "test_database.hpp"

namespace qm::test {

// `migrating_process` at work.
class MigratingProcess {
 public:
  // `reports`: after which it kills itself; 0: never.
  MigratingProcess(std::string url, std::string set, std::uint32_t version,
                   std::size_t reports = 0) {
    std::string program = MIGRATING_PROCESS;
    std::string target = std::to_string(version);
    std::string last = std::to_string(reports);
    std::array<char*, 6> arguments{program.data(), url.data(),  set.data(),
                                   target.data(),  last.data(), nullptr};
    const int error =
        ::posix_spawn(&pid_, program.c_str(), nullptr, nullptr, arguments.data(), environ);
    if (error != 0) throw std::system_error(error, std::generic_category(), program);
  }
  MigratingProcess(const MigratingProcess&) = delete;
  MigratingProcess& operator=(const MigratingProcess&) = delete;
  ~MigratingProcess() {
    if (pid_ > 0) kill();
  }

  // Its wait status.
  int wait() {
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = -1;
    return status;
  }
  int kill() {
    ::kill(pid_, SIGKILL);
    return wait();
  }

 private:
  pid_t pid_ = -1;
};

// Holds what a migration needs, waits until it asks for it, and lets go.
class Interrupted : public ::testing::Test {
 protected:
  // Holds, until release(), what these statements lock.
  void hold(const std::string& sql) {
    holder = connect(url);
    holder->execute_script("begin");
    holder->execute_script(sql);
  }
  // The COMMIT of this version: a deferred trigger runs inside it.
  void hold_commit_of(std::uint32_t version) {
    run_sql(url, fmt::format(R"(
create function public.wait_for_test() returns trigger language plpgsql as $$
begin
  if new.version = {} then perform pg_advisory_xact_lock(1); end if;
  return null;
end $$;
create constraint trigger wait_for_test after insert on quartermaster.migrations
deferrable initially deferred for each row execute function public.wait_for_test())",
                             version));
    hold("select pg_advisory_xact_lock(1)");
  }
  void let_commits_be() { run_sql(url, "drop function public.wait_for_test() cascade"); }
  void release() { holder->execute_script("rollback"); }

  // The backend that waits for a lock on behalf of the migrator.
  int wait_until_held() {
    const std::string waiting =
        " from pg_stat_activity where datname = current_database() and "
        "application_name = 'quartermaster-migrate' and wait_event_type = 'Lock'";
    EXPECT_TRUE(becomes(*watcher, "select count(*)" + waiting, "1"));
    const std::string pid = column(*watcher, "select pid" + waiting);
    return pid.empty() ? 0 : std::stoi(pid);
  }
  void wait_until_gone(int backend) {
    EXPECT_TRUE(
        becomes(*watcher,
                fmt::format("select count(*) from pg_stat_activity where pid = {}", backend), "0"));
  }

  // The catalog that belongs to this version, from a database where nothing went wrong.
  static std::string clean_catalog(std::uint32_t version) {
    const TestDatabase reference;
    if (version > 0) Migrator(reference.url(), base_plugins()).to(version);
    return catalog(reference.url());
  }

  // Ledger and catalog agree on this version, and the rest goes through.
  void expect_at(std::uint32_t version) {
    Migrator migrator(url, base_plugins());
    EXPECT_EQ(migrator.version().version, version);
    EXPECT_FALSE(migrator.version().dirty);
    EXPECT_EQ(catalog(url), clean_catalog(version));
    migrator.up();
    EXPECT_EQ(migrator.version().version, 32U);
    EXPECT_EQ(catalog_facts(url), expected("catalog_032.txt"));
  }

  const TestDatabase database;
  const std::string url = database.url();
  const std::unique_ptr<Connection> watcher = connect(url);
  std::unique_ptr<Connection> holder;
};

}  // namespace qm::test

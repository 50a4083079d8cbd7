// What start() refuses, and how it says so. Needs the server's programs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <quartermaster/embedded.hpp>
#include <quartermaster/error.hpp>

#include "database_text.hpp"
#include "refusal.hpp"
#include "scratch_directory.hpp"

namespace qm::test {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using embedded::Server;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

std::string refused(const embedded::Options& options) {
  return refusal<EmbeddedError>([&] { Server::start(options); });
}

TEST(FindBinaries, FindsThem) {
  const embedded::Binaries binaries = embedded::find_binaries();
  EXPECT_GE(binaries.major, 15);
  EXPECT_TRUE(fs::exists(binaries.dir / "initdb"));
  EXPECT_THAT(binaries.version,
              HasSubstr("postgres (PostgreSQL) " + std::to_string(binaries.major)));
  EXPECT_EQ(embedded::find_binaries(binaries.dir).version, binaries.version);
}

TEST(FindBinaries, SaysWhereItLooked) {
  const ScratchDirectory scratch;
  const auto empty = scratch.make_directory("empty");
  EXPECT_THAT(refused({.bin_dir = empty}),
              AllOf(HasSubstr(empty.string()), HasSubstr("a directory without them"),
                    HasSubstr("postgres and initdb")));
  const auto file = scratch.write("file", "");
  EXPECT_THAT(refused({.bin_dir = file}),
              AllOf(HasSubstr(file.string()), HasSubstr("something that is no directory")));
  EXPECT_THAT(refused({.bin_dir = scratch.path() / "nowhere"}), HasSubstr("no such directory"));
}

TEST(FindBinaries, ProgramThatIsNoServer) {
  const ScratchDirectory scratch;
  scratch.write("initdb", "", 0755);
  scratch.write("postgres", "#!/bin/sh\necho 'mysqld 8'\n", 0755);
  EXPECT_THAT(refused({.bin_dir = scratch.path()}),
              AllOf(HasSubstr("'mysqld 8'"), HasSubstr("reinstall")));
}

TEST(FindBinaries, ProgramThatCannotBeExecuted) {
  const ScratchDirectory scratch;
  scratch.write("initdb", "", 0644);
  scratch.write("postgres", "", 0644);
  EXPECT_THAT(refused({.bin_dir = scratch.path()}),
              AllOf(HasSubstr("exit code 127"), HasSubstr("it cannot be executed")));
}

TEST(Start, ClusterOfAnotherMajorVersion) {
  const ScratchDirectory scratch;
  scratch.make_directory("data");
  scratch.write("data/PG_VERSION", "13\n");
  EXPECT_THAT(
      refused({.data_dir = scratch.path() / "data"}),
      AllOf(HasSubstr("found one of PostgreSQL 13"),
            HasSubstr("a cluster of PostgreSQL " + std::to_string(embedded::find_binaries().major)),
            HasSubstr("embedded.bin_dir")));
}

TEST(Start, DirectoryThatIsNoCluster) {
  const ScratchDirectory scratch;
  const auto dir = scratch.make_directory("data");
  scratch.write("data/letter.txt", "dear");
  EXPECT_THAT(refused({.data_dir = dir}),
              AllOf(HasSubstr(dir.string()), HasSubstr("a directory with other files"),
                    HasSubstr("nothing in it was touched")));
  EXPECT_EQ(std::distance(fs::directory_iterator(dir), fs::directory_iterator()), 1);
  struct stat info {};
  ASSERT_EQ(::stat(dir.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 07777U, 0755U);
  EXPECT_THAT(refused({.data_dir = dir / "letter.txt"}),
              HasSubstr("something that is no directory"));
}

TEST(Start, SocketDirectoryThatIsTooLong) {
  const ScratchDirectory scratch;
  const fs::path dir = "/tmp/" + std::string(88, 's');
  EXPECT_THAT(refused({.data_dir = scratch.path() / "data", .socket_dir = dir}),
              AllOf(HasSubstr("at most 92 bytes"), HasSubstr("93 bytes")));
  EXPECT_FALSE(fs::exists(scratch.path() / "data"));
  EXPECT_FALSE(fs::exists(dir));
}

TEST(Start, LongestSocketDirectoryAndPort) {
  const ScratchDirectory scratch;
  std::string dir = scratch.path().string() + "/";
  dir.resize(92, 's');
  const Server server = Server::start({.socket_dir = dir, .settings = {{"port", "65535"}}});
  EXPECT_EQ(column(server.url(), "select current_setting('port')"), "65535");
  EXPECT_TRUE(fs::exists(fs::path(dir) / ".s.PGSQL.65535"));
}

// A data directory may be longer: then the socket is elsewhere.
TEST(Start, LongDataDirectory) {
  const ScratchDirectory scratch;
  const fs::path dir = scratch.path() / std::string(120, 'd');
  fs::path socket_dir;
  {
    const Server server = Server::start({.data_dir = dir});
    socket_dir = server.socket_dir();
    EXPECT_NE(socket_dir, dir);
    EXPECT_EQ(column(server.url(), "select current_setting('data_directory')"), dir.string());
  }
  EXPECT_FALSE(fs::exists(socket_dir));
}

// A directory of others, like /tmp, stays as it is.
TEST(Start, SocketDirectoryThatIsThere) {
  const ScratchDirectory scratch;
  const auto dir = scratch.make_directory("sockets", 01777);
  struct stat before {};
  ASSERT_EQ(::stat(dir.c_str(), &before), 0);
  {
    const Server server = Server::start({.socket_dir = dir});
    EXPECT_EQ(column(server.url(), "select 1"), "1");
    struct stat now {};
    ASSERT_EQ(::stat(dir.c_str(), &now), 0);
    EXPECT_EQ(now.st_mode, before.st_mode);
    EXPECT_EQ(now.st_uid, before.st_uid);
  }
  EXPECT_TRUE(fs::is_empty(dir));
}

TEST(Start, BadSettingIsToldInTheServersWords) {
  EXPECT_THAT(refused({.settings = {{"shared_buffers", "plenty"}}}),
              AllOf(HasSubstr("ended at once"),
                    HasSubstr("invalid value for parameter \"shared_buffers\": \"plenty\""),
                    Not(HasSubstr("the whole log"))));
  EXPECT_THAT(refused({.settings = {{"no_such_setting", "1"}}}),
              HasSubstr("unrecognized configuration parameter \"no_such_setting\""));
}

// With a kept cluster, the log stays, and earlier runs' lines are not the reason for this one.
TEST(Start, BadSettingOfAKeptCluster) {
  const ScratchDirectory scratch;
  const fs::path dir = scratch.path() / "data";
  Server::start({.data_dir = dir}).stop();
  EXPECT_THAT(refused({.data_dir = dir, .settings = {{"work_mem", "a lot"}}}),
              AllOf(HasSubstr("\"work_mem\""),
                    HasSubstr("the whole log is in " + (dir / "server.log").string()),
                    Not(HasSubstr("shut down"))));
  EXPECT_EQ(column(Server::start({.data_dir = dir}).url(), "select 1"), "1");
}

TEST(Start, DataDirectoryThatIsInUse) {
  const ScratchDirectory scratch;
  const fs::path dir = scratch.path() / "data";
  const Server server = Server::start({.data_dir = dir});
  EXPECT_THAT(refused({.data_dir = dir}),
              HasSubstr("the server with pid " + std::to_string(server.pid())));
  EXPECT_EQ(column(server.url(), "select 1"), "1");
}

// A standby that serves nobody never gets ready.
TEST(Start, TakesTooLong) {
  const ScratchDirectory scratch;
  const fs::path dir = scratch.path() / "data";
  Server::start({.data_dir = dir}).stop();
  scratch.write("data/standby.signal", "");
  EXPECT_THAT(refused({.data_dir = dir,
                       .settings = {{"fsync", "off"}, {"hot_standby", "off"}},
                       .start_timeout = 300ms}),
              AllOf(HasSubstr("ready within 300 ms"), HasSubstr("still starting"),
                    HasSubstr("server.log")));
  EXPECT_FALSE(fs::exists(dir / "postmaster.pid"));
  EXPECT_FALSE(Server::attach(dir).has_value());
  fs::remove(dir / "standby.signal");
  EXPECT_EQ(
      column(Server::start({.data_dir = dir, .settings = {{"fsync", "off"}}}).url(), "select 1"),
      "1");
}

}  // namespace
}  // namespace qm::test

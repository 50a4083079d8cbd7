// The disk is full in the middle of a migration: the error says so, what stays is a whole version,
// and with some room the next run goes on. Starts a server of its own on a small file system, for
// which it needs to mount one: as root, or where users may have name spaces of their own.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <fmt/format.h>
#include <fstream>
#include <quartermaster/embedded.hpp>
#include <quartermaster/error.hpp>
#include <quartermaster/migrator.hpp>

#include "becomes_true.hpp"
#include "database_text.hpp"
#include "scratch_directory.hpp"
#include "shipped_migrations.hpp"

namespace qm::test {
namespace {

// A file system of this size, seen by this process and its children only; gone with them.
class SmallDisk {
 public:
  explicit SmallDisk(std::size_t megabytes) {
    const uid_t user = ::getuid();
    const gid_t group = ::getgid();
    if (::unshare(CLONE_NEWNS) != 0) {
      if (::unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0)
        throw std::system_error(errno, std::generic_category(), "name space");
      std::ofstream("/proc/self/setgroups") << "deny";
      std::ofstream("/proc/self/uid_map") << fmt::format("{} {} 1", user, user);
      std::ofstream("/proc/self/gid_map") << fmt::format("{} {} 1", group, group);
    }
    const std::string options = fmt::format("size={}m,mode=0777", megabytes);
    if (::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
        ::mount("tmpfs", directory_.path().c_str(), "tmpfs", 0, options.c_str()) != 0) {
      throw std::system_error(errno, std::generic_category(), "mount");
    }
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;
  ~SmallDisk() { ::umount2(directory_.path().c_str(), MNT_DETACH); }

  const std::filesystem::path& path() const { return directory_.path(); }

  // Takes all but `room` bytes.
  void fill(std::uintmax_t room) {
    const std::uintmax_t free = std::filesystem::space(path()).available;
    std::ofstream out(filler(), std::ios::binary);
    const std::string block(4096, 'x');
    for (std::uintmax_t written = 0; written + room < free; written += block.size())
      out << block;
  }
  void clear() { std::filesystem::remove(filler()); }

 private:
  std::filesystem::path filler() const { return path() / "filler"; }

  const ScratchDirectory directory_;
};

TEST(FullDisk, LeavesAWholeVersionAndTheNextRunGoesOn) {
  SmallDisk disk(160);
  const ScratchDirectory sockets;
  ScratchDirectory::set_mode(sockets.path(), 0777);
  const auto server = embedded::Server::start(
      {.data_dir = disk.path() / "data",
       .socket_dir = sockets.path() / "s",
       .settings = {{"max_wal_size", "32MB"}, {"min_wal_size", "32MB"}, {"wal_keep_size", "0"}}});
  const auto can_connect = [&] {
    try {
      connect(server.url());
      return true;
    } catch (const Error&) {
      return false;
    }
  };
  int failures = 0;
  // From none at all to nearly enough, so that it ends in another statement each time.
  for (const std::uintmax_t room : {0U, 200'000U, 600'000U, 1'200'000U, 2'000'000U, 3'000'000U}) {
    SCOPED_TRACE(room);
    embedded::drop_database(server.url(), "full");
    embedded::create_database(server.url(), "full");
    connect(server.url())->execute_script("checkpoint");
    const std::string url = server.url("full");
    Migrator migrator(url, all_plugins());
    disk.fill(room);
    std::string message;
    try {
      migrator.up();
    } catch (const Error& error) {
      message = error.what();
      ++failures;
    }
    disk.clear();
    // Without room for its log the server ends all sessions and recovers.
    EXPECT_THAT(message,
                ::testing::AnyOf(::testing::IsEmpty(), ::testing::HasSubstr("No space left"),
                                 ::testing::HasSubstr("connection"), ::testing::HasSubstr("57P0")));
    EXPECT_TRUE(becomes_true(can_connect));
    EXPECT_FALSE(migrator.version().dirty && migrator.version().version != 105);
    migrator.up();
    EXPECT_TRUE(migrator.drift().empty());
  }
  EXPECT_GE(failures, 3);
}

}  // namespace
}  // namespace qm::test

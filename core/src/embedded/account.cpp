#include "embedded/account.hpp"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sched.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <optional>
#include <quartermaster/error.hpp>
#include <system_error>
#include <vector>

namespace qm::embedded {
namespace {

std::optional<Account> lookup(const char* name) {
  std::vector<char> buffer(16384);
  passwd entry{};
  passwd* found = nullptr;
  if (::getpwnam_r(name, &entry, buffer.data(), buffer.size(), &found) != 0 || found == nullptr) {
    return std::nullopt;
  }
  return Account{Account::Way::switch_user, entry.pw_uid, entry.pw_gid};
}

// Every directory on the way must let the account through.
bool reachable(const std::filesystem::path& dir, const Account& account) {
  std::filesystem::path at;
  for (const auto& part : dir.parent_path()) {
    at /= part;
    struct stat info {};
    if (::stat(at.c_str(), &info) != 0) return true;  // to be made by us, 0755
    const mode_t needed = info.st_uid == account.uid   ? S_IXUSR
                          : info.st_gid == account.gid ? S_IXGRP
                                                       : S_IXOTH;
    if ((info.st_mode & needed) == 0) return false;
  }
  return true;
}

bool write_file(const char* path, const char* text, std::size_t size) noexcept {
  const int fd = ::open(path, O_WRONLY | O_CLOEXEC);
  if (fd < 0) return false;
  const bool written = ::write(fd, text, size) == static_cast<ssize_t>(size);
  ::close(fd);
  return written;
}

}  // namespace

Account account_for(const std::filesystem::path& data_dir) {
  if (::geteuid() != 0) return {};
  const std::filesystem::path absolute = std::filesystem::absolute(data_dir);
  for (const char* name : {"postgres", "nobody"}) {
    const auto account = lookup(name);
    if (account && reachable(absolute, *account)) return *account;
  }
  return {Account::Way::user_namespace, 0, 0};
}

void make_private_directory(const std::filesystem::path& dir, const Account& account) {
  const auto fail = [&](int error) {
    throw EmbeddedError({.object = dir.string(),
                         .expected = "a directory that can be made and owned",
                         .found = std::generic_category().message(error),
                         .hint = "choose another directory or mend its permissions"});
  };
  std::error_code error;
  std::filesystem::create_directories(dir.parent_path(), error);
  if (error) fail(error.value());
  if (::mkdir(dir.c_str(), 0700) != 0 && errno != EEXIST) fail(errno);
  if (::chmod(dir.c_str(), 0700) != 0) fail(errno);
  if (account.way == Account::Way::switch_user &&
      ::chown(dir.c_str(), account.uid, account.gid) != 0) {
    fail(errno);
  }
}

bool become(const Account& account) noexcept {
  switch (account.way) {
    case Account::Way::self:
      return true;
    case Account::Way::switch_user:
      return ::setgroups(0, nullptr) == 0 && ::setgid(account.gid) == 0 &&
             ::setuid(account.uid) == 0;
    case Account::Way::user_namespace: {
      // Root outside is 1000 inside (user_namespaces(7)); files of root's are ours there.
      constexpr std::array<char, 9> map{'1', '0', '0', '0', ' ', '0', ' ', '1', '\n'};
      constexpr std::array<char, 4> deny{'d', 'e', 'n', 'y'};
      return ::unshare(CLONE_NEWUSER) == 0 &&
             write_file("/proc/self/setgroups", deny.data(), deny.size()) &&
             write_file("/proc/self/uid_map", map.data(), map.size()) &&
             write_file("/proc/self/gid_map", map.data(), map.size());
    }
  }
  return false;
}

}  // namespace qm::embedded

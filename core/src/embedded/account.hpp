// Which account PostgreSQL runs under: it refuses root. Root hands over to "postgres" or "nobody"
// where that account can reach the data directory, and else stays root outside but becomes
// someone else inside a user namespace; everybody else runs it as oneself.
#pragma once

#include <sys/types.h>

#include <filesystem>

namespace qm::embedded {

struct Account {
  enum class Way { self, switch_user, user_namespace } way = Way::self;
  uid_t uid = 0;  // switch_user
  gid_t gid = 0;
};

// For a data directory that exists or is to be made at this path.
Account account_for(const std::filesystem::path& data_dir);

// Makes the directory the account's own, mode 0700, with all parents (which stay ours, 0755).
void make_private_directory(const std::filesystem::path& dir, const Account& account);

// In a child between fork and exec: becomes the account. False with errno set on failure.
bool become(const Account& account) noexcept;

}  // namespace qm::embedded

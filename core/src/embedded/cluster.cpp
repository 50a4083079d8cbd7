#include "embedded/cluster.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <fstream>
#include <quartermaster/error.hpp>
#include <utility>

#include "embedded/process.hpp"

namespace qm::embedded {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t memory_wanted = 512ULL << 20U;

const std::vector<std::string>& initdb_arguments() {
  static const std::vector<std::string> arguments{
      "--username=postgres", "--auth=trust", "--encoding=UTF8",  "--locale=C.UTF-8",
      "--wal-segsize=1",     "--no-sync",    "--no-instructions"};
  return arguments;
}

std::string cluster_key(const Binaries& binaries) {
  std::string text = binaries.version;
  for (const std::string& argument : initdb_arguments())
    text += "\n" + argument;
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  ::EVP_Digest(text.data(), text.size(), digest.data(), &size, ::EVP_sha256(), nullptr);
  std::string hex;
  for (unsigned i = 0; i < 8; ++i)
    hex += fmt::format("{:02x}", digest[i]);
  return fmt::format("cluster-{}-{}", binaries.major, hex);
}

fs::path default_cache_dir() {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): nobody writes the environment
  if (const char* cache = std::getenv("XDG_CACHE_HOME"); cache != nullptr && *cache == '/') {
    return fs::path(cache) / "quartermaster";
  }
  // NOLINTNEXTLINE(concurrency-mt-unsafe)
  if (const char* home = std::getenv("HOME"); home != nullptr && *home == '/') {
    return fs::path(home) / ".cache" / "quartermaster";
  }
  return {};
}

void run_initdb(const fs::path& data_dir, const Binaries& binaries, const Account& account) {
  std::vector<std::string> arguments = initdb_arguments();
  arguments.push_back("--pgdata=" + data_dir.string());
  const Outcome outcome = run_to_end({.program = binaries.dir / "initdb",
                                      .arguments = arguments,
                                      .account = account,
                                      .output = {}});
  if (outcome.exit_code == 0) return;
  throw EmbeddedError(
      {.object = "initdb " + data_dir.string(),
       .problem = fmt::format("failed with exit code {}: {}", outcome.exit_code, outcome.output),
       .hint = "is there room on the disk, and may the account write there?"});
}

void copy_tree(const fs::path& from, const fs::path& to) {
  fs::copy(from, to, fs::copy_options::recursive | fs::copy_options::overwrite_existing);
}

void hand_over(const fs::path& dir, const Account& account) {
  if (account.way != Account::Way::switch_user) return;
  const auto give = [&](const fs::path& path) {
    if (::lchown(path.c_str(), account.uid, account.gid) != 0) {
      throw std::system_error(errno, std::generic_category(), path.string());
    }
  };
  give(dir);
  for (const auto& entry : fs::recursive_directory_iterator(dir))
    give(entry.path());
}

// The pristine cluster's place in the cache, made when missing; empty when there is no cache.
fs::path cached_cluster(const fs::path& cache_dir, const Binaries& binaries) {
  const fs::path cache = cache_dir.empty() ? default_cache_dir() : cache_dir;
  if (cache.empty()) return {};
  fs::path place = cache / cluster_key(binaries);
  std::error_code error;
  if (fs::exists(place / "PG_VERSION", error)) return place;
  fs::create_directories(cache, error);
  if (error || ::access(cache.c_str(), W_OK) != 0) return {};

  // initdb works where its account can go; the result is then copied and renamed into place, which
  // is atomic: of two that do this at once, the second finds the place taken and uses it.
  const TemporaryDirectory work(true);
  const fs::path fresh = work.path() / "data";
  const Account account = account_for(fresh);
  make_private_directory(fresh, account);
  run_initdb(fresh, binaries, account);
  std::string copy = (cache / "making-XXXXXX").string();
  if (::mkdtemp(copy.data()) == nullptr) return {};
  try {
    copy_tree(fresh, copy);
    fs::rename(copy, place);
  } catch (const fs::filesystem_error&) {
    fs::remove_all(copy, error);
    if (!fs::exists(place / "PG_VERSION", error)) return {};
  }
  return place;
}

}  // namespace

TemporaryDirectory::TemporaryDirectory(bool in_memory) {
  std::error_code error;
  const fs::space_info memory = fs::space("/dev/shm", error);
  const bool use_memory = in_memory && !error && memory.available >= memory_wanted &&
                          ::access("/dev/shm", W_OK | X_OK) == 0;
  fs::path parent = use_memory ? fs::path("/dev/shm") : fs::temp_directory_path(error);
  // Room for a socket's name: sockaddr_un has 108 bytes.
  if (error || parent.string().size() > 60) parent = "/tmp";
  std::string name = (parent / "qm-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) {
    throw EmbeddedError({.object = parent.string(),
                         .expected = "a directory to make temporary ones in",
                         .found = std::generic_category().message(errno),
                         .hint = "set TMPDIR to one that can be written"});
  }
  // The account that the server runs under has to pass through.
  ::chmod(name.c_str(), 0711);
  path_ = name;
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code error;
  if (!path_.empty()) fs::remove_all(path_, error);
}

fs::path TemporaryDirectory::keep() {
  return std::exchange(path_, {});
}

void make_cluster(const fs::path& data_dir, const Binaries& binaries, const Account& account,
                  const fs::path& cache_dir) {
  make_private_directory(data_dir, account);
  const fs::path pristine = cached_cluster(cache_dir, binaries);
  if (pristine.empty()) return run_initdb(data_dir, binaries, account);
  try {
    copy_tree(pristine, data_dir);
    hand_over(data_dir, account);
    ::chmod(data_dir.c_str(), 0700);
  } catch (const std::system_error& error) {
    throw EmbeddedError({.object = data_dir.string(),
                         .expected = "room for a new cluster of about 30 MB",
                         .found = error.what(),
                         .hint = "free some space or choose another directory"});
  }
}

ClusterState cluster_state(const fs::path& data_dir) {
  std::error_code error;
  const fs::file_status status = fs::status(data_dir, error);
  if (status.type() == fs::file_type::not_found) return ClusterState::absent;
  if (fs::exists(data_dir / "PG_VERSION", error)) return ClusterState::cluster;
  if (status.type() != fs::file_type::directory) return ClusterState::something_else;
  return fs::is_empty(data_dir, error) && !error ? ClusterState::empty
                                                 : ClusterState::something_else;
}

int cluster_major(const fs::path& data_dir) {
  std::ifstream file(data_dir / "PG_VERSION");
  int major = 0;
  file >> major;
  return major;
}

}  // namespace qm::embedded

#include "cli/demo/films_file.hpp"

#include <cerrno>
#include <fstream>
#include <iterator>
#include <quartermaster/error.hpp>
#include <system_error>

namespace qm::cli {
namespace {

namespace fs = std::filesystem;

// <prefix>/share/quartermaster/movies.csv beside <prefix>/bin.
fs::path installed_file() {
  const fs::path program = fs::read_symlink("/proc/self/exe");
  return program.parent_path().parent_path() / "share" / "quartermaster" / "movies.csv";
}

}  // namespace

std::vector<Film> read_films(const fs::path& asked) {
  const fs::path path = asked.empty() ? installed_file() : asked;
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  if (!file.is_open() || file.bad() || fs::is_directory(path)) {
    const int reason = errno != 0 ? errno : EISDIR;
    throw ConfigError({.object = path.string(),
                       .problem = "cannot be read: " + std::generic_category().message(reason),
                       .hint = "--films FILE names another one"});
  }
  return parse_films(asked.empty() ? path.filename().string() : path.string(), text);
}

}  // namespace qm::cli

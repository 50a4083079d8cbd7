#include "cli/demo/films_file.hpp"

#include <cerrno>
#include <fstream>
#include <quartermaster/error.hpp>
#include <sstream>
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
  std::error_code ignored;
  errno = fs::is_directory(path, ignored) ? EISDIR : 0;
  std::ostringstream text;
  if (errno == 0) {
    std::ifstream file(path, std::ios::binary);
    // An empty file is for the parser to refuse; streaming nothing would set failbit here.
    if (file.is_open() && file.peek() != std::char_traits<char>::eof()) text << file.rdbuf();
  }
  if (errno != 0) {
    throw ConfigError({.object = path.string(),
                       .problem = "cannot be read: " + std::generic_category().message(errno),
                       .hint = "--films FILE names another one"});
  }
  return parse_films(asked.empty() ? path.filename().string() : path.string(), text.str());
}

}  // namespace qm::cli

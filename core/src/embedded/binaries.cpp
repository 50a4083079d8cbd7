// Finding PostgreSQL's server programs.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <quartermaster/embedded.hpp>
#include <quartermaster/error.hpp>
#include <string_view>

#include "embedded/process.hpp"

namespace qm::embedded {
namespace {

namespace fs = std::filesystem;

bool has_server(const fs::path& dir) {
  std::error_code error;
  return fs::is_regular_file(dir / "postgres", error) && fs::is_regular_file(dir / "initdb", error);
}

int leading_number(std::string_view text) {
  int number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

// "postgres (PostgreSQL) 15.18 (Debian ...)".
Binaries inspect(const fs::path& dir) {
  const Outcome outcome = run_to_end(
      {.program = dir / "postgres", .arguments = {"--version"}, .account = {}, .output = {}});
  std::string version = outcome.output;
  version.erase(version.find_last_not_of("\r\n ") + 1);
  constexpr std::string_view before = "(PostgreSQL) ";
  const auto at = version.find(before);
  if (outcome.exit_code != 0 || at == std::string::npos) {
    throw EmbeddedError(
        {.object = (dir / "postgres").string(),
         .expected = "'--version' to answer 'postgres (PostgreSQL) N'",
         .found = fmt::format("exit code {} and '{}'", outcome.exit_code, version),
         .hint = "reinstall the server, for Debian: apt-get install postgresql-15"});
  }
  return {dir, leading_number(std::string_view(version).substr(at + before.size())), version};
}

std::vector<fs::path> path_directories() {
  std::vector<fs::path> directories;
  const char* path = std::getenv("PATH");  // NOLINT(concurrency-mt-unsafe): nobody writes it
  std::string_view rest = path == nullptr ? "" : path;
  while (!rest.empty()) {
    const auto end = std::min(rest.find(':'), rest.size());
    if (end > 0) directories.emplace_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return directories;
}

void add_pg_config_directory(std::vector<fs::path>& candidates) {
  for (const fs::path& dir : path_directories()) {
    std::error_code error;
    const fs::path program = dir / "pg_config";
    if (!fs::is_regular_file(program, error)) continue;
    Outcome outcome =
        run_to_end({.program = program, .arguments = {"--bindir"}, .account = {}, .output = {}});
    outcome.output.erase(outcome.output.find_last_not_of("\r\n ") + 1);
    if (outcome.exit_code == 0 && !outcome.output.empty()) candidates.emplace_back(outcome.output);
    return;
  }
}

void add_debian_directories(std::vector<fs::path>& candidates) {
  std::vector<fs::path> found;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator("/usr/lib/postgresql", error)) {
    found.push_back(entry.path());
  }
  std::sort(found.begin(), found.end(), [](const fs::path& a, const fs::path& b) {
    return leading_number(a.filename().string()) > leading_number(b.filename().string());
  });
  for (const fs::path& dir : found)
    candidates.push_back(dir / "bin");
}

}  // namespace

Binaries find_binaries(const std::optional<fs::path>& configured) {
  if (configured) {
    if (has_server(*configured)) return inspect(*configured);
    std::error_code error;
    const fs::file_type type = fs::status(*configured, error).type();
    throw EmbeddedError({.object = "embedded.bin_dir " + configured->string(),
                         .expected = "a directory with the programs postgres and initdb",
                         .found = type == fs::file_type::directory ? "a directory without them"
                                  : type == fs::file_type::not_found
                                      ? "no such directory"
                                      : "something that is no directory",
                         .hint = "on Debian it is /usr/lib/postgresql/15/bin"});
  }
  std::vector<fs::path> candidates;
  add_pg_config_directory(candidates);
  add_debian_directories(candidates);
  const std::vector<fs::path> path = path_directories();
  candidates.insert(candidates.end(), path.begin(), path.end());
  for (const fs::path& dir : candidates) {
    if (has_server(dir)) return inspect(dir);
  }
  std::string looked;
  for (const fs::path& dir : candidates)
    looked += (looked.empty() ? "" : ", ") + dir.string();
  throw EmbeddedError({.object = "PostgreSQL server",
                       .expected = "the programs postgres and initdb",
                       .found = "none in " + (looked.empty() ? std::string("PATH") : looked),
                       .hint = "apt-get install postgresql-15, or set embedded.bin_dir"});
}

}  // namespace qm::embedded

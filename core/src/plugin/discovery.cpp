// See discovery.hpp.
#include "plugin/discovery.hpp"

#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <map>
#include <memory>
#include <quartermaster/error.hpp>
#include <set>
#include <system_error>
#include <utility>

#include "plugin/text_rules.hpp"
#include "plugin/trusted_file.hpp"

namespace qm::plugin {
namespace {

namespace fs = std::filesystem;

constexpr const char* path_variable = "QUARTERMASTER_PLUGIN_PATH";

// The directory of the object file that this function is in: libquartermaster.so, or a program
// that contains the library.
std::optional<fs::path> own_directory() {
  Dl_info info{};
  if (::dladdr(reinterpret_cast<const void*>(&own_directory), &info) == 0 || !info.dli_fname) {
    return std::nullopt;
  }
  std::error_code error;
  const fs::path file = fs::canonical(info.dli_fname, error);
  if (error) return std::nullopt;
  return file.parent_path();
}

std::optional<fs::path> default_directory() {
  const auto own = own_directory();
  if (!own) return std::nullopt;
  // Seen from the library, from an installed program, and from a program of the build tree, whose
  // lib directory does not follow the installation's.
  for (const char* relative : {QUARTERMASTER_PLUGINS_FROM_LIBDIR, QUARTERMASTER_PLUGINS_FROM_BINDIR,
                               "../lib/quartermaster/plugins"}) {
    const fs::path candidate = (*own / relative).lexically_normal();
    std::error_code error;
    if (fs::is_directory(candidate, error)) return candidate;
  }
  return std::nullopt;
}

struct CloseDirectory {
  void operator()(DIR* directory) const noexcept { ::closedir(directory); }
};

[[noreturn]] void refuse_directory(const SearchDirectory& directory, int error) {
  throw ConfigError({.object = directory.origin,
                     .expected = "a readable directory of plugin manifests",
                     .found = fmt::format("{}: {}", printable(directory.path.native(), 4096),
                                          std::generic_category().message(error)),
                     .hint = "create the directory or remove it from the configuration"});
}

// The names *.json in the directory, sorted; none when it is one that was listed before.
std::optional<std::vector<std::string>> list(const SearchDirectory& directory,
                                             std::set<std::pair<dev_t, ino_t>>& listed) {
  UniqueFd fd(::open(directory.path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd.is_open()) {
    if (errno == ENOENT && directory.may_be_missing) return std::nullopt;
    refuse_directory(directory, errno);
  }
  struct stat info {};
  if (::fstat(fd.get(), &info) != 0) refuse_directory(directory, errno);
  if (!listed.emplace(info.st_dev, info.st_ino).second) return std::nullopt;

  const std::unique_ptr<DIR, CloseDirectory> stream(::fdopendir(fd.get()));
  if (!stream) refuse_directory(directory, errno);
  static_cast<void>(fd.release());  // closedir() closes it
  std::vector<std::string> names;
  while (true) {
    errno = 0;
    // The stream is this thread's own, which is what readdir() asks for.
    const dirent* entry = ::readdir(stream.get());  // NOLINT(concurrency-mt-unsafe)
    if (!entry) break;
    const std::string_view name(entry->d_name);
    if (name.ends_with(".json") && !name.starts_with('.')) names.emplace_back(name);
  }
  if (errno != 0) refuse_directory(directory, errno);
  std::sort(names.begin(), names.end());
  return names;
}

Finding read_manifest(const fs::path& file) {
  Finding finding;
  finding.file = file;
  finding.id = printable(file.stem().native());
  try {
    const TrustedFile trusted = open_trusted_file(file);
    finding.manifest = parse_manifest(read_text(trusted, max_manifest_bytes), file);
    finding.id = finding.manifest->id;
  } catch (const PluginError& error) {
    finding.reason = error.what();
  }
  return finding;
}

// Later manifests with an id that is taken lose it.
void refuse_duplicates(std::vector<Finding>& findings) {
  std::map<std::string, fs::path> owners;
  for (Finding& finding : findings) {
    if (!finding.manifest) continue;
    const auto [owner, is_new] = owners.emplace(finding.id, finding.file);
    if (is_new) continue;
    finding.manifest.reset();
    finding.reason = Report{.object = printable(finding.file.native(), 4096),
                            .expected = "an id of its own",
                            .found = fmt::format("\"{}\", which {} has", finding.id,
                                                 printable(owner->second.native(), 4096)),
                            .hint = "the first in search order is used"}
                         .text();
  }
}

}  // namespace

std::vector<SearchDirectory> search_path(const PluginConfig& config) {
  std::vector<SearchDirectory> directories;
  if (config.use_default_directory) {
    if (auto installed = default_directory()) {
      directories.push_back({std::move(*installed), "installed plugins", true});
    }
  }
  for (const fs::path& path : config.directories) {
    directories.push_back({fs::absolute(path), "plugins.directories"});
  }
  // secure_getenv: null in a set-user-id process or one with raised capabilities.
  if (const char* variable = ::secure_getenv(path_variable)) {
    std::string_view rest(variable);
    while (!rest.empty()) {
      const std::string_view part = rest.substr(0, rest.find(':'));
      rest.remove_prefix(std::min(part.size() + 1, rest.size()));
      if (!part.empty()) directories.push_back({fs::absolute(part), path_variable});
    }
  }
  return directories;
}

std::vector<Finding> find_manifests(const std::vector<SearchDirectory>& directories) {
  std::vector<Finding> findings;
  std::set<std::pair<dev_t, ino_t>> listed;
  for (const SearchDirectory& directory : directories) {
    const auto names = list(directory, listed);
    if (!names) continue;
    if (names->empty() && !directory.may_be_missing) {
      throw ConfigError({.object = directory.origin,
                         .expected = "a directory with plugin manifests (*.json)",
                         .found = "none in " + printable(directory.path.native(), 4096),
                         .hint = "install a plugin there or remove it from the configuration"});
    }
    for (const std::string& name : *names)
      findings.push_back(read_manifest(directory.path / name));
  }
  refuse_duplicates(findings);
  return findings;
}

}  // namespace qm::plugin

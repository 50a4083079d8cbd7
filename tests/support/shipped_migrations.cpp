#include "shipped_migrations.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "database_text.hpp"
#include "plugin/sha256.hpp"

namespace qm::test {
namespace {

namespace fs = std::filesystem;

std::string contents(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + file.string());
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

// NNNNNN_slug.up.sql and its down file.
std::vector<Migration> read_directory(const fs::path& directory) {
  constexpr std::string_view suffix = ".up.sql";
  std::vector<Migration> migrations;
  for (const auto& entry : fs::directory_iterator(directory)) {
    const std::string name = entry.path().filename().string();
    if (!name.ends_with(suffix)) continue;
    const std::string stem = name.substr(0, name.size() - suffix.size());
    const std::string up = contents(entry.path());
    migrations.push_back(
        made_up_migration(static_cast<std::uint32_t>(std::stoul(stem.substr(0, 6))), stem.substr(7),
                          up, contents(directory / (stem + ".down.sql")),
                          !up.starts_with("-- quartermaster: no-transaction\n")));
  }
  std::sort(migrations.begin(), migrations.end(),
            [](const Migration& a, const Migration& b) { return a.version < b.version; });
  return migrations;
}

}  // namespace

Migration made_up_migration(std::uint32_t version, const std::string& slug, const std::string& up,
                            const std::string& down, bool transactional) {
  return {version, slug, up, down, plugin::to_hex(plugin::sha256_of_lines(up)), transactional};
}

PluginInfo made_up_plugin(const std::string& id, const std::vector<Migration>& migrations,
                          const std::vector<std::string>& depends) {
  PluginInfo info;
  info.id = id;
  info.name = id;
  info.version = "1.2.3";
  info.state = PluginState::loaded;
  for (const std::string& other : depends)
    info.dependencies.push_back({other, ""});
  info.migrations = migrations;
  return info;
}

std::vector<PluginInfo> shipped_plugins() {
  const fs::path root = fs::path(QUARTERMASTER_SOURCE_DIR) / "migrations";
  return {made_up_plugin("shared", read_directory(root / "shared")),
          made_up_plugin("movie", read_directory(root / "movie"), {"shared"}),
          made_up_plugin("tvshow", read_directory(root / "tvshow"), {"shared"})};
}

std::vector<PluginInfo> all_plugins() {
  std::vector<PluginInfo> plugins = shipped_plugins();
  plugins.push_back(made_up_plugin(
      "qar", read_directory(fs::path(QUARTERMASTER_SOURCE_DIR) / "migrations/qar"), {"shared"}));
  return plugins;
}

std::vector<PluginInfo> base_plugins() {
  std::vector<PluginInfo> plugins = shipped_plugins();
  for (PluginInfo& plugin : plugins) {
    std::erase_if(plugin.migrations,
                  [](const Migration& migration) { return migration.version > last_base_version; });
  }
  return plugins;
}

std::vector<std::uint32_t> versions_of(const std::vector<PluginInfo>& plugins) {
  std::vector<std::uint32_t> versions;
  for (const PluginInfo& plugin : plugins) {
    for (const Migration& migration : plugin.migrations)
      versions.push_back(migration.version);
  }
  std::sort(versions.begin(), versions.end());
  return versions;
}

std::string population(std::uint32_t version) {
  const fs::path file = fs::path(QUARTERMASTER_SOURCE_DIR) / "tests/support/populate" /
                        fmt::format("{:06}.sql", version);
  return fs::exists(file) ? contents(file) : std::string();
}

void up_populated(const std::string& url, std::uint32_t target,
                  const std::vector<PluginInfo>& plugins) {
  Migrator migrator(url, plugins);
  for (const std::uint32_t version : versions_of(plugins)) {
    if (version > target) break;
    migrator.to(version);
    run_sql(url, population(version));
  }
}

}  // namespace qm::test

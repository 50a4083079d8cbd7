// See descriptor.hpp. Identity, dependencies, ranges and migrations.
#include "plugin/descriptor.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "plugin/sha256.hpp"

namespace qm::plugin {
namespace {

std::vector<PluginDependency> read_dependencies(const AbiReader& reader, const qm_plugin& plugin,
                                                const Manifest& manifest) {
  std::vector<PluginDependency> dependencies;
  for (const auto& entry :
       reader.structures<qm_dependency>("dependencies", plugin.dependencies, max_dependencies)) {
    reader.flags("dependency flags", entry.flags, 0);
    dependencies.push_back({reader.text("dependency id", entry.id, max_identifier_bytes),
                            reader.text("dependency range", entry.version_range, max_name_bytes)});
  }
  // The manifest's dependencies decided the load order, so they must be the real ones.
  const auto listed = [](std::vector<PluginDependency> list) {
    const auto key = [](const PluginDependency& d) { return std::tie(d.id, d.version_range); };
    std::sort(list.begin(), list.end(),
              [&](const auto& a, const auto& b) { return key(a) < key(b); });
    std::string text;
    for (const auto& d : list) {
      text += fmt::format("{}{} {}", text.empty() ? "" : ", ", d.id, d.version_range);
    }
    return text.empty() ? std::string("none") : printable(text, 1000);
  };
  const std::string expected = listed(manifest.dependencies);
  const std::string found = listed(dependencies);
  if (expected != found) {
    reader.refuse("dependencies", expected + " as in the manifest", found);
  }
  return dependencies;
}

std::vector<std::string> read_schemas(const AbiReader& reader, const qm_plugin& plugin) {
  std::vector<std::string> schemas;
  for (const qm_string& schema : reader.strings("schemas", plugin.schemas, max_schemas)) {
    schemas.push_back(reader.text_not_empty("schema", schema, max_identifier_bytes));
  }
  return schemas;
}

std::vector<MigrationRange> read_ranges(const AbiReader& reader, const qm_plugin& plugin) {
  std::vector<MigrationRange> ranges;
  for (const auto& entry :
       reader.structures<qm_migration_range>("ranges", plugin.ranges, max_ranges)) {
    const std::string found = fmt::format("{} to {}", entry.first, entry.last);
    if (entry.first < 1 || entry.first > entry.last) {
      reader.refuse("migration range", "first from 1 on and at most last", found);
    }
    for (const MigrationRange& other : ranges) {
      if (entry.first <= other.last && other.first <= entry.last) {
        reader.refuse("migration range",
                      fmt::format("no overlap with its own {} to {}", other.first, other.last),
                      found);
      }
    }
    ranges.push_back({entry.first, entry.last});
  }
  return ranges;
}

Migration read_migration(const AbiReader& plugin_reader, const std::string& id,
                         const qm_migration& entry, const std::vector<MigrationRange>& ranges) {
  const AbiReader reader(fmt::format("plugin {}, migration {}", id, entry.version));
  if (!owns_version(ranges, entry.version)) {
    std::string own;
    for (const auto& range : ranges) {
      own += fmt::format("{}{} to {}", own.empty() ? "" : ", ", range.first, range.last);
    }
    plugin_reader.refuse("migrations",
                         fmt::format("versions within {}", own.empty() ? "none" : own),
                         fmt::format("{}", entry.version));
  }
  reader.flags("flags", entry.flags, QM_MIGRATION_NO_TRANSACTION);
  Migration migration;
  migration.version = entry.version;
  migration.slug = reader.text("slug", entry.slug, max_name_bytes);
  if (!is_migration_slug(migration.slug)) {
    reader.refuse("slug", "[a-z0-9_]{1,200}", printable(migration.slug));
  }
  migration.up_sql = reader.text_not_empty("up SQL", entry.up_sql, max_migration_bytes);
  migration.down_sql = reader.text("down SQL", entry.down_sql, max_migration_bytes);
  migration.transactional = (entry.flags & QM_MIGRATION_NO_TRANSACTION) == 0;
  const Sha256Digest digest = sha256_of_lines(migration.up_sql);
  migration.checksum = to_hex(digest);
  if (!std::equal(digest.begin(), digest.end(), std::begin(entry.sha256))) {
    Sha256Digest found{};
    std::copy(std::begin(entry.sha256), std::end(entry.sha256), found.begin());
    reader.refuse("checksum", migration.checksum, to_hex(found),
                  "the plugin is damaged; rebuild it");
  }
  return migration;
}

std::vector<Migration> read_migrations(const AbiReader& reader, const qm_plugin& plugin,
                                       const PluginInfo& info) {
  std::vector<Migration> migrations;
  for (const auto& entry :
       reader.structures<qm_migration>("migrations", plugin.migrations, max_migrations)) {
    if (!migrations.empty() && entry.version <= migrations.back().version) {
      reader.refuse(
          "migrations",
          fmt::format("a version above {}, in ascending order", migrations.back().version),
          fmt::format("{}", entry.version));
    }
    migrations.push_back(read_migration(reader, info.id, entry, info.ranges));
  }
  return migrations;
}

void check_identity(const AbiReader& reader, const PluginInfo& info, const Manifest& manifest) {
  if (!is_plugin_id(info.id)) {
    reader.refuse("id", "[a-z][a-z0-9_]{0,62}", printable(info.id));
  }
  if (info.id != manifest.id) {
    reader.refuse("id", fmt::format("{} as in the manifest", manifest.id), info.id);
  }
  const auto version = Version::parse(info.version);
  if (!version) reader.refuse("version", "MAJOR.MINOR.PATCH", printable(info.version));
  if (*version != manifest.version) {
    reader.refuse("version", fmt::format("{} as in the manifest", manifest.version.to_string()),
                  info.version);
  }
}

}  // namespace

bool owns_version(const std::vector<MigrationRange>& ranges, std::uint32_t version) noexcept {
  return std::any_of(ranges.begin(), ranges.end(), [&](const MigrationRange& range) {
    return version >= range.first && version <= range.last;
  });
}

void check_abi(const std::string& where, std::uint32_t major, std::uint32_t minor) {
  if (major == QM_PLUGIN_ABI_MAJOR && minor <= QM_PLUGIN_ABI_MINOR) return;
  throw PluginError({.object = where,
                     .expected = fmt::format("plugin ABI {}.0 to {}.{}", QM_PLUGIN_ABI_MAJOR,
                                             QM_PLUGIN_ABI_MAJOR, QM_PLUGIN_ABI_MINOR),
                     .found = fmt::format("{}.{}", major, minor),
                     .hint = major >= QM_PLUGIN_ABI_MAJOR
                                 ? "the plugin needs a newer host"
                                 : "rebuild the plugin with this host's SDK"});
}

Descriptor read_descriptor(const qm_plugin* plugin, const Manifest& manifest) {
  const std::string where = fmt::format("plugin {}", manifest.id);
  const AbiReader reader(where);
  if (!plugin) {
    reader.refuse("", "a descriptor", "a null pointer",
                  fmt::format("the plugin does not serve ABI {}.{}", QM_PLUGIN_ABI_MAJOR,
                              QM_PLUGIN_ABI_MINOR));
  }
  // The version decides how the rest is to be read, so it comes before anything but the size.
  const auto raw = reader.structure<qm_plugin>("descriptor", plugin, SIZE_MAX);
  check_abi(where, raw.abi_major, raw.abi_minor);

  Descriptor descriptor;
  PluginInfo& info = descriptor.info;
  info.id = reader.text("id", raw.id, max_name_bytes);
  info.version = reader.text("version", raw.version, max_name_bytes);
  check_identity(reader, info, manifest);
  info.abi_major = raw.abi_major;
  info.abi_minor = raw.abi_minor;
  info.name = reader.text("name", raw.name, max_name_bytes);
  info.description = reader.text("description", raw.description, max_description_bytes);
  info.dependencies = read_dependencies(reader, raw, manifest);
  info.schemas = read_schemas(reader, raw);
  info.ranges = read_ranges(reader, raw);
  info.migrations = read_migrations(reader, raw, info);
  descriptor.queries = read_queries(raw, info);
  descriptor.start = raw.start;
  descriptor.stop = raw.stop;
  descriptor.capability = raw.capability;
  return descriptor;
}

}  // namespace qm::plugin

#include "migrate/former_sequence.hpp"

#include <fmt/format.h>

#include <charconv>
#include <map>
#include <quartermaster/error.hpp>

#include "migrate/statements.hpp"

namespace qm::migrate {
namespace {

std::uint64_t former_number(const PluginInfo& plugin, const Migration& migration) {
  const auto text = formerly(migration.up_sql);
  if (!text) return migration.version;
  std::uint64_t number = 0;
  const char* const end = text->data() + text->size();
  const auto [stopped, error] = std::from_chars(text->data(), end, number);
  if (error == std::errc{} && stopped == end && number > 0) return number;
  throw MigrationError(
      {.object = fmt::format("{:06}_{}.up.sql ({})", migration.version, migration.slug, plugin.id),
       .expected = "\"-- quartermaster: formerly NUMBER\"",
       .found = fmt::format("\"{}\" as the number", *text)});
}

}  // namespace

std::vector<FormerVersion> former_sequence(std::span<const PluginInfo> plugins) {
  std::map<std::uint64_t, std::map<std::uint32_t, MigrationStep>> numbers;
  for (const PluginInfo& plugin : plugins) {
    if (plugin.state != PluginState::loaded) continue;
    for (const Migration& migration : plugin.migrations) {
      numbers[former_number(plugin, migration)].emplace(
          migration.version, MigrationStep{.version = migration.version,
                                           .slug = migration.slug,
                                           .plugin = plugin.id,
                                           .sql = migration.up_sql,
                                           .transactional = migration.transactional});
    }
  }
  std::vector<FormerVersion> sequence;
  sequence.reserve(numbers.size());
  for (auto& [number, steps] : numbers) {
    FormerVersion& version = sequence.emplace_back(FormerVersion{.number = number});
    for (auto& [ignored, step] : steps)
      version.steps.push_back(std::move(step));
  }
  return sequence;
}

std::vector<std::uint64_t> missing_numbers(const std::vector<FormerVersion>& sequence,
                                           std::uint64_t last) {
  constexpr std::size_t most = 20;  // numbers that are times leave billions out
  std::vector<std::uint64_t> missing;
  std::uint64_t next = 1;
  for (const FormerVersion& version : sequence) {
    for (; next < version.number && next <= last && missing.size() < most; ++next)
      missing.push_back(next);
    next = version.number + 1;
  }
  return missing;
}

}  // namespace qm::migrate

// The versions of the shipped plugins on an empty database, and a run that finds nothing to do: as
// one hand-written session, by psql, by the Migrator and as a command; by golang-migrate where one
// is installed, as Debian has none.
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <quartermaster/embedded.hpp>
#include <quartermaster/migrator.hpp>
#include <stdexcept>

#include "bench.hpp"
#include "libpq_peer.hpp"

namespace qm::bench {
namespace {

namespace fs = std::filesystem;

struct File {
  std::uint32_t version = 0;
  std::string slug;
  std::string plugin;
  fs::path path;
  std::string sql;
};

// Those that run in a transaction, ascending: what the peers can do as well.
std::vector<File> read_files() {
  std::map<std::uint32_t, File> files;
  for (const char* plugin : {"shared", "movie", "tvshow"}) {
    for (const auto& entry : fs::directory_iterator(fs::path(BENCH_MIGRATIONS) / plugin)) {
      const std::string name = entry.path().filename();
      const std::size_t end = name.find(".up.sql");
      if (end == std::string::npos) continue;
      std::ifstream in(entry.path());
      File file{static_cast<std::uint32_t>(std::stoul(name)), name.substr(7, end - 7), plugin,
                entry.path(), std::string(std::istreambuf_iterator<char>(in), {})};
      if (file.sql.starts_with("-- quartermaster: no-transaction")) continue;
      files.emplace(file.version, std::move(file));
    }
  }
  std::vector<File> sorted;
  for (auto& [version, file] : files)
    sorted.push_back(std::move(file));
  return sorted;
}

std::vector<PluginInfo> plugins_of(const std::vector<File>& files) {
  std::vector<PluginInfo> plugins;
  for (const char* id : {"shared", "movie", "tvshow"}) {
    PluginInfo& plugin = plugins.emplace_back();
    plugin.id = id;
    plugin.state = PluginState::loaded;
    for (const File& file : files) {
      if (file.plugin != id) continue;
      plugin.migrations.push_back({file.version, file.slug, file.sql, {}, "none", true});
    }
  }
  return plugins;
}

void run_command(const std::string& command) {
  // NOLINTNEXTLINE(cert-env33-c,concurrency-mt-unsafe)
  if (std::system((command + " >/dev/null 2>&1").c_str()) != 0)
    throw std::runtime_error(command + " failed");
}

bool has_golang_migrate() {
  // NOLINTNEXTLINE(cert-env33-c,concurrency-mt-unsafe)
  return std::system("migrate -help 2>&1 | grep -q -- -prefetch") == 0;
}

// One way of doing it.
struct Way {
  std::string name;
  std::function<void(const std::string& url)> prepare;  // not counted
  std::function<void(const std::string& url)> run;
  std::vector<double> milliseconds{};
};

std::vector<Way> all_ways(const std::vector<File>& files, const fs::path& directory) {
  const auto nothing = [](const std::string&) {};
  std::string psql = "psql -X -q -v ON_ERROR_STOP=1";
  for (std::size_t i = 0; i < files.size(); ++i) {
    psql += fmt::format(" -c begin -f '{}' -c commit", files[i].path.string());
    fs::copy_file(files[i].path, directory / fmt::format("{:06}_{}.up.sql", i + 1, files[i].slug),
                  fs::copy_options::overwrite_existing);
  }
  const std::string quartermaster = QUARTERMASTER_PROGRAM " migrate up --database-url ";
  std::vector<Way> all{
      {"libpq, one session", nothing,
       [&files](const std::string& url) {
         const Peer connection = connect_peer(url);
         for (const File& file : files)
           checked(PQexec(connection.get(), file.sql.c_str()), connection.get());
       }},
      {"psql", nothing,
       [psql](const std::string& url) { run_command(psql + " -d '" + url + "'"); }},
      {"Migrator, with ledger", nothing,
       [plugins = plugins_of(files)](const std::string& url) { Migrator(url, plugins).up(); }}};
  if (has_golang_migrate()) {
    all.push_back({"golang-migrate", nothing, [directory](const std::string& url) {
                     run_command(fmt::format("migrate -path '{}' -database '{}&sslmode=disable' up",
                                             directory.string(), url));
                   }});
  }
  all.push_back(
      {"Migrator, nothing pending",
       [plugins = plugins_of(files)](const std::string& url) { Migrator(url, plugins).up(); },
       [plugins = plugins_of(files)](const std::string& url) { Migrator(url, plugins).up(); }});
  all.push_back(
      {"quartermaster migrate up, nothing pending",
       [quartermaster](const std::string& url) { run_command(quartermaster + "'" + url + "'"); },
       [quartermaster](const std::string& url) { run_command(quartermaster + "'" + url + "'"); }});
  return all;
}

}  // namespace

std::string migration_table(const Place& place) {
  constexpr int rounds = 9;
  const std::vector<File> files = read_files();
  const fs::path directory = fs::temp_directory_path() / "quartermaster-bench-migrations";
  fs::create_directories(directory);
  std::vector<Way> all = all_ways(files, directory);
  for (int i = 0; i < rounds; ++i) {
    for (Way& way : all) {
      embedded::create_database(place.url, "bench_migrations");
      const std::string url = embedded::with_database(place.url, "bench_migrations");
      way.prepare(url);
      const auto begin = Clock::now();
      way.run(url);
      way.milliseconds.push_back(
          std::chrono::duration<double, std::milli>(Clock::now() - begin).count());
      embedded::drop_database(place.url, "bench_migrations");
    }
  }
  fs::remove_all(directory);
  std::string text = fmt::format(
      "### migrations: {} versions on an empty database\n\n"
      "| | ms | of the limit's time |\n|---|--:|--:|\n",
      files.size());
  const double limit = median(all.front().milliseconds);
  for (const Way& way : all) {
    const double time = median(way.milliseconds);
    text += fmt::format("| {} | {:.1f} | {} |\n", way.name, time,
                        &way == &all.front() ? "limit" : fmt::format("{:.2f}", time / limit));
  }
  return text + '\n';
}

}  // namespace qm::bench

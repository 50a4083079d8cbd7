// What is not a race between contenders: pgbench as a cross-check, memory of idle connections, and
// by how much calls outlast their deadlines.
#include <fmt/format.h>
#include <malloc.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <quartermaster/connection.hpp>
#include <quartermaster/error.hpp>
#include <quartermaster/pool.hpp>
#include <stdexcept>

#include "bench.hpp"
#include "films.hpp"
#include "libpq_peer.hpp"

namespace qm::bench {
namespace {

// The standard output of a shell command that succeeds.
std::string output_of(const std::string& command) {
  FILE* const pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error("cannot run " + command);
  std::string text;
  char part[256];
  while (std::fgets(part, sizeof(part), pipe) != nullptr)
    text += part;
  if (pclose(pipe) != 0) throw std::runtime_error(command + " failed");
  return text;
}

double pgbench_rate(const Place& place, const std::string& script, int clients) {
  const std::string text = output_of(fmt::format(
      "\"$(pg_config --bindir)/pgbench\" -n -M prepared -f '{}' -c {} -j {} -T 3 '{}' 2>/dev/null",
      script, clients, std::min(clients, 2), place.url));
  const std::size_t at = text.find("tps = ");
  if (at == std::string::npos) throw std::runtime_error("pgbench says no rate");
  return std::strtod(text.c_str() + at + 6, nullptr);
}

}  // namespace

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

double memory_mib(const char* key) {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    double kib = 0;
    if (word == key && status >> kib) return kib / 1024;
  }
  return 0;
}

std::string pgbench_table(const Place& place) {
  const auto script = std::filesystem::temp_directory_path() / "quartermaster-bench.sql";
  std::ofstream(script) << "\\set id random(1, " << place.films
                        << ")\nselect * from films where id = :id;\n";
  std::string text =
      "### point select by pgbench, prepared, not decoded\n\n| connections | queries/s "
      "|\n|--:|--:|\n";
  for (const int clients : {1, 4, 8}) {
    text += fmt::format("| {} | {:.1f} k |\n", clients,
                        pgbench_rate(place, script.string(), clients) / 1000);
  }
  std::filesystem::remove(script);
  return text + '\n';
}

// What a connection that has run one query and does nothing holds on to: what is allocated, and
// what of it takes real memory (libpq's two buffers of 16 KiB are mostly never touched).
std::string memory_table(const Place& place) {
  constexpr int count = 400;
  struct Use {
    double allocated;
    double resident;
  };
  const auto now = [] {
    malloc_trim(0);
    return Use{static_cast<double>(mallinfo2().uordblks) / 1024, memory_mib("VmRSS:") * 1024};
  };
  const auto row = [&](const char* name, const Use& before) {
    const Use after = now();
    return fmt::format("| {} | {:.1f} | {:.1f} |\n", name,
                       (after.allocated - before.allocated) / count,
                       (after.resident - before.resident) / count);
  };
  std::string text =
      "### memory of an idle connection\n\n| | allocated, KiB | resident, KiB |\n|---|--:|--:|\n";
  {
    connect_peer_with_get(place.url);
    const Use before = now();
    std::vector<Peer> peers;
    for (int i = 0; i < count; ++i) {
      peers.push_back(connect_peer_with_get(place.url));
      peer_get(peers.back().get(), 1);
    }
    text += row("libpq", before);
  }
  const films::Client client;
  const auto open = [&] {
    auto connection = Connection::open({.url = place.url}, Clock::now() + std::chrono::seconds(10));
    client.get_film(*connection, 1);
    return connection;
  };
  open();
  const Use before = now();
  std::vector<std::unique_ptr<Connection>> own;
  for (int i = 0; i < count; ++i)
    own.push_back(open());
  return text + row("Connection", before) + '\n';
}

std::string overshoot_table(const Place& place) {
  DatabaseConfig config;
  config.url = place.url;
  config.max_conns = config.min_conns = 4;
  Pool pool(pool_config(config));
  std::string text =
      "### deadline of 5 ms for a statement that sleeps, on 4 connections\n\n"
      "| callers | median overshoot, ms | p99, ms |\n|--:|--:|--:|\n";
  for (const int callers : {1, 4, 8}) {
    std::vector<std::vector<double>> late(static_cast<std::size_t>(callers));
    std::vector<std::thread> threads;
    for (std::vector<double>& mine : late) {
      threads.emplace_back([&] {
        for (int i = 0; i < 200; ++i) {
          const Clock::time_point deadline = Clock::now() + std::chrono::milliseconds(5);
          try {
            pool.execute("select pg_sleep(1)", {}, {deadline});
          } catch (const Error&) {
            mine.push_back(
                std::chrono::duration<double, std::milli>(Clock::now() - deadline).count());
          }
        }
      });
    }
    std::vector<double> all;
    for (std::size_t i = 0; i < threads.size(); ++i) {
      threads[i].join();
      all.insert(all.end(), late[i].begin(), late[i].end());
    }
    std::sort(all.begin(), all.end());
    text +=
        fmt::format("| {} | {:.2f} | {:.2f} |\n", callers, median(all), all[all.size() * 99 / 100]);
  }
  return text + '\n';
}

}  // namespace qm::bench

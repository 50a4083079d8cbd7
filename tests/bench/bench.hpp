// What the benchmarks share: workloads with several contenders each, run in turns, so that what
// disturbs the machine disturbs them all, and compared by the medians of their rounds.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <thread>
#include <vector>

namespace qm::bench {

using Clock = std::chrono::steady_clock;

// One round: works until `end`, or does a fixed piece of work, and says how many operations that
// were.
using Work = std::function<std::uint64_t(Clock::time_point end)>;

struct Contender {
  std::string name;
  Work work;
  bool is_limit = false;  // what the others are compared with
};

struct Workload {
  std::string name;
  std::string unit;  // of an operation: "rows", "queries"
  std::vector<Contender> contenders{};
  bool shows_memory = false;
};

struct Sample {
  double rate = 0;             // operations a second
  double client_cpu_us = 0;    // this process's, for one operation
  double peak_memory_mib = 0;  // resident, beyond what it was before
};

// In `seconds` for each round of each contender.
struct Outcome {
  std::string contender;
  bool is_limit = false;
  std::vector<Sample> rounds;
};
std::vector<Outcome> run(const Workload& workload, int rounds, std::chrono::milliseconds round);

// Calls `one(caller)` on that many threads until the end; the number of calls.
template <class One>
std::uint64_t on_threads(int threads, Clock::time_point end, const One& one) {
  std::vector<std::uint64_t> counts(static_cast<std::size_t>(threads) * 16);  // a cache line each
  std::vector<std::thread> running;
  for (int i = 0; i < threads; ++i) {
    running.emplace_back([&, i] {
      std::uint64_t count = 0;
      while (Clock::now() < end) {
        one(i);
        ++count;
      }
      counts[static_cast<std::size_t>(i) * 16] = count;
    });
  }
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < running.size(); ++i) {
    running[i].join();
    total += counts[i * 16];
  }
  return total;
}

// Where the films are, and how many.
struct Place {
  std::string url;
  std::int64_t films = 0;
};

// The workloads, by area.
std::vector<Workload> acquire_workloads(const Place& place);
std::vector<Workload> select_workloads(const Place& place);
std::vector<Workload> row_workloads(const Place& place);
std::vector<Workload> connection_workloads(const Place& place);

// Tables of their own.
std::string pgbench_table(const Place& place);    // what PostgreSQL's own tool measures
std::string memory_table(const Place& place);     // of idle connections
std::string overshoot_table(const Place& place);  // of deadlines
std::string migration_table(const Place& place);

double median(std::vector<double> values);
double memory_mib(const char* key);  // of /proc/self/status: "VmRSS:"

}  // namespace qm::bench

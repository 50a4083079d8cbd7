// Runs the benchmarks against an embedded server of its own and reports medians as a table, as JSON
// and as data for the chart. Nothing here passes or fails.
#include <fmt/format.h>
#include <libpq-fe.h>
#include <malloc.h>
#include <sys/resource.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>
#include <quartermaster/embedded.hpp>

#include "bench.hpp"
#include "libpq_peer.hpp"

namespace qm::bench {
namespace {

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

Sample measure(const Work& work, std::chrono::milliseconds round) {
  malloc_trim(0);
  std::ofstream("/proc/self/clear_refs") << "5";  // the peak begins anew
  const double resident = memory_mib("VmRSS:");
  const double cpu = cpu_seconds();
  const Clock::time_point begin = Clock::now();
  const auto count = static_cast<double>(work(begin + round));
  const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  return {count / seconds, (cpu_seconds() - cpu) * 1e6 / count, memory_mib("VmHWM:") - resident};
}

double median_of(const Outcome& outcome, double Sample::*value) {
  std::vector<double> all;
  for (const Sample& sample : outcome.rounds)
    all.push_back(sample.*value);
  return median(all);
}

double rate_of(const Outcome& outcome) {
  return median_of(outcome, &Sample::rate);
}

// "1.23 M"
std::string short_number(double value) {
  if (value >= 1e6) return fmt::format("{:.2f} M", value / 1e6);
  if (value >= 1e4) return fmt::format("{:.1f} k", value / 1e3);
  return fmt::format("{:.0f}", value);
}

const Outcome& limit_of(const std::vector<Outcome>& outcomes) {
  return *std::find_if(outcomes.begin(), outcomes.end(),
                       [](const Outcome& outcome) { return outcome.is_limit; });
}

std::string table(const Workload& workload, const std::vector<Outcome>& outcomes) {
  std::string text = fmt::format(
      "### {}\n\n| | {}/s | spread | of the limit | client CPU, us |{}\n|---|--:|--:|--:|--:|{}\n",
      workload.name, workload.unit, workload.shows_memory ? " memory, MiB |" : "",
      workload.shows_memory ? "--:|" : "");
  const double limit = rate_of(limit_of(outcomes));
  for (const Outcome& outcome : outcomes) {
    const auto [low, high] =
        std::minmax_element(outcome.rounds.begin(), outcome.rounds.end(),
                            [](const Sample& a, const Sample& b) { return a.rate < b.rate; });
    text += fmt::format(
        "| {} | {} | {} .. {} | {} | {:.2f} |", outcome.contender, short_number(rate_of(outcome)),
        short_number(low->rate), short_number(high->rate),
        outcome.is_limit ? "limit" : fmt::format("{:.2f}", rate_of(outcome) / limit),
        median_of(outcome, &Sample::client_cpu_us));
    if (workload.shows_memory) {
      text += fmt::format(" {:.0f} |", median_of(outcome, &Sample::peak_memory_mib));
    }
    text += '\n';
  }
  return text + '\n';
}

void load_films(const std::string& url, const std::string& csv, const std::string& schema) {
  const Peer connection = connect_peer(url);
  const auto run = [&](const std::string& sql) {
    return checked(PQexec(connection.get(), sql.c_str()), connection.get());
  };
  run(schema);
  run("create temp table raw (title text, released text, runtime int, mpaa text, distributor text, "
      "genre text, creative text, director text, budget bigint, us_gross bigint, gross bigint, "
      "tomatoes int, rating float8, votes int)");
  run("copy raw from stdin (format csv, header)");
  PQputCopyData(connection.get(), csv.data(), static_cast<int>(csv.size()));
  PQputCopyEnd(connection.get(), nullptr);
  while (PGresult* next = PQgetResult(connection.get()))
    checked(next, connection.get());
  run("insert into films select row_number() over (), coalesce(title, '?'), "
      "to_date(released, 'Mon DD YYYY'), runtime, rating, votes, gross, rating is not null, genre, "
      "now() from raw");
  run("vacuum analyze films");
}

std::string read_file(const std::string& name) {
  std::ifstream file(name, std::ios::binary);
  if (!file) throw std::runtime_error("cannot read " + name);
  return {std::istreambuf_iterator<char>(file), {}};
}

struct Arguments {
  std::string films;
  std::string schema;
  std::string out;        // a directory
  std::string filter;     // part of a workload's name
  std::string contender;  // part of a contender's name; the limit always runs
  int rounds = 7;
  std::chrono::milliseconds round{500};
};

Arguments read_arguments(int count, char** values) {
  Arguments arguments;
  for (int i = 1; i + 1 < count; i += 2) {
    const std::string key = values[i];
    const std::string value = values[i + 1];
    if (key == "--films")
      arguments.films = value;
    else if (key == "--schema")
      arguments.schema = value;
    else if (key == "--out")
      arguments.out = value;
    else if (key == "--filter")
      arguments.filter = value;
    else if (key == "--contender")
      arguments.contender = value;
    else if (key == "--rounds")
      arguments.rounds = std::max(1, std::stoi(value));
    else if (key == "--round-ms")
      arguments.round = std::chrono::milliseconds(std::stoi(value));
    else
      throw std::runtime_error("unknown argument " + key);
  }
  if (arguments.films.empty() || arguments.schema.empty() || arguments.out.empty()) {
    throw std::runtime_error(
        "usage: quartermaster-bench --films CSV --schema SQL --out DIRECTORY "
        "[--filter TEXT] [--contender TEXT] [--rounds N] [--round-ms N]");
  }
  return arguments;
}

// gnuplot takes an underscore for the beginning of an index.
std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '_') out += "\\\\";
    out += c;
  }
  return out;
}

void report(const Arguments& arguments, const Place& place) {
  std::ofstream tables(arguments.out + "/tables.md");
  std::ofstream json(arguments.out + "/results.json");
  std::ofstream chart(arguments.out + "/chart.tsv");
  json << "[";
  bool first = true;
  using Area = std::vector<Workload> (*)(const Place&);
  for (const Area area :
       {acquire_workloads, select_workloads, row_workloads, connection_workloads}) {
    for (Workload workload : area(place)) {
      if (workload.name.find(arguments.filter) == std::string::npos) continue;
      std::erase_if(workload.contenders, [&](const Contender& contender) {
        return !contender.is_limit && contender.name.find(arguments.contender) == std::string::npos;
      });
      const std::vector<Outcome> outcomes = run(workload, arguments.rounds, arguments.round);
      const std::string text = table(workload, outcomes);
      std::cout << text << std::flush;
      tables << text << std::flush;
      const double limit = rate_of(limit_of(outcomes));
      chart << workload.name << "\t\t0\n";
      for (const Outcome& outcome : outcomes) {
        json << (first ? "\n" : ",\n")
             << fmt::format(
                    "  {{\"workload\": \"{}\", \"contender\": \"{}\", \"per_second\": "
                    "{:.0f}, \"of_limit\": {:.3f}, \"client_cpu_us\": {:.3f}, \"peak_memory_mib\": "
                    "{:.1f}}}",
                    workload.name, outcome.contender, rate_of(outcome), rate_of(outcome) / limit,
                    median_of(outcome, &Sample::client_cpu_us),
                    median_of(outcome, &Sample::peak_memory_mib));
        first = false;
        chart << fmt::format("\t{}\t{:.3f}\n", escaped(outcome.contender),
                             rate_of(outcome) / limit);
      }
    }
  }
  json << "\n]\n";
  using Table = std::string (*)(const Place&);
  const std::pair<std::string, Table> others[] = {{"pgbench", pgbench_table},
                                                  {"memory", memory_table},
                                                  {"overshoot", overshoot_table},
                                                  {"migrations", migration_table}};
  for (const auto& [name, table] : others) {
    if (name.find(arguments.filter) == std::string::npos) continue;
    const std::string text = table(place);
    std::cout << text << std::flush;
    tables << text;
  }
}

}  // namespace

std::vector<Outcome> run(const Workload& workload, int rounds, std::chrono::milliseconds round) {
  std::vector<Outcome> outcomes;
  for (const Contender& contender : workload.contenders) {
    measure(contender.work, round / 4);  // warm
    outcomes.push_back({contender.name, contender.is_limit, {}});
  }
  for (int i = 0; i < rounds; ++i) {
    std::cerr << '\r' << workload.name << ": round " << i + 1 << " of " << rounds << std::flush;
    for (std::size_t c = 0; c < outcomes.size(); ++c)
      outcomes[c].rounds.push_back(measure(workload.contenders[c].work, round));
  }
  std::cerr << '\n';
  return outcomes;
}

}  // namespace qm::bench

int main(int count, char** values) {
  using namespace qm;
  try {
    const bench::Arguments arguments = bench::read_arguments(count, values);
    const auto server = embedded::Server::start(
        {.settings = {{"max_connections", "500"}, {"shared_buffers", "256MB"}}});
    bench::load_films(server.url(), bench::read_file(arguments.films),
                      bench::read_file(arguments.schema));
    bench::report(arguments, {server.url(), 3201});
  } catch (const std::exception& error) {
    std::cerr << "quartermaster-bench: " << error.what() << '\n';
    return 1;
  }
}

// `quartermaster health`: can the database be used right now? Exit codes tell scripts apart what
// is wrong. One connection, one attempt: not a wait for a server that is starting.
#include <CLI/CLI.hpp>
#include <quartermaster/connection.hpp>
#include <quartermaster/error.hpp>
#include <quartermaster/pool.hpp>
#include <string_view>

#include "cli/commands.hpp"
#include "cli/context.hpp"
#include "cli/exit_code.hpp"

namespace qm::cli {
namespace {

// How the server refuses for want of a free slot: too_many_connections.
constexpr std::string_view no_slot = "53300";

HealthReport look(const DatabaseConfig& database) {
  HealthReport report;
  try {
    const auto connection =
        Connection::open({.url = database.url, .application_name = "quartermaster-health"},
                         Clock::now() + database.connect_timeout);
    const auto start = Clock::now();
    connection->execute("select 1", {}, {.deadline = start + std::chrono::seconds(2)}, "health");
    report.latency = Clock::now() - start;
    report.state = HealthState::ok;
  } catch (const ConfigError&) {
    throw;
  } catch (const ConnectError& error) {
    report.reason = error.what();
    report.state = error.sqlstate() == no_slot ? HealthState::saturated : HealthState::down;
  } catch (const Error& error) {
    report.reason = error.what();
  }
  return report;
}

}  // namespace

void add_health_command(CLI::App& app, Context& context) {
  app.add_subcommand("health", "Check the database: exit 0 ok, 4 down, 5 saturated")
      ->callback([&context] {
        context.require_database();
        const HealthReport report = look(context.config().database);
        const bool ok = report.state == HealthState::ok;
        // Three digits: clocks and schedulers do not give more.
        const double latency =
            static_cast<double>(
                std::chrono::duration_cast<std::chrono::microseconds>(report.latency).count()) /
            1000;
        context.print_record({{"state", to_string(report.state)},
                              {"latency_ms", ok ? Node(latency) : Node()},
                              {"reason", report.reason.empty() ? Node() : Node(report.reason)}});
        if (report.state == HealthState::saturated) {
          context.exit_code = exit_saturated;
        } else if (!ok) {
          context.exit_code = exit_unreachable;
        }
      });
}

}  // namespace qm::cli

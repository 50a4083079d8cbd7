// `quartermaster health`: can the database be used right now? Exit codes tell scripts apart what
// is wrong.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <quartermaster/error.hpp>
#include <quartermaster/pool.hpp>

#include "cli/commands.hpp"
#include "cli/context.hpp"
#include "cli/exit_code.hpp"

namespace qm::cli {

void add_health_command(CLI::App& app, Context& context) {
  app.add_subcommand("health", "Check the database: exit 0 ok, 4 down, 5 saturated")
      ->callback([&context] {
        context.require_database();
        HealthReport report;
        try {
          PoolConfig config = pool_config(context.config().database);
          // One look, not a wait for a server that is starting.
          config.start_timeout = std::chrono::milliseconds{1};
          Pool pool(config);
          report = health(pool);
        } catch (const ConnectError& error) {
          report.reason = error.what();
        }
        context.print_record(
            {{"state", to_string(report.state)},
             {"latency_ms",
              report.state == HealthState::ok
                  ? Node(fmt::format(
                        "{:.2f}",
                        std::chrono::duration<double, std::milli>(report.latency).count()))
                  : Node()},
             {"reason", report.reason.empty() ? Node() : Node(report.reason)}});
        if (report.state == HealthState::saturated) {
          context.exit_code = exit_saturated;
        } else if (report.state != HealthState::ok) {
          context.exit_code = exit_unreachable;
        }
      });
}

}  // namespace qm::cli

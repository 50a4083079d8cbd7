// `quartermaster serve`: keeps the pool open and tells operators over HTTP how it is doing.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <quartermaster/error.hpp>
#include <quartermaster/pool.hpp>

#include "cli/commands.hpp"
#include "cli/context.hpp"
#include "cli/interrupt.hpp"
#include "cli/status_endpoints.hpp"

namespace qm::cli {

void add_serve_command(CLI::App& app, Context& context) {
  app.add_subcommand("serve", "Serve /metrics, /healthz and /readyz until Ctrl-C or SIGTERM")
      ->callback([&context] {
        if (!context.config().http.enabled) {
          throw ConfigError({.object = "http.enabled",
                             .expected = "true, to serve anything",
                             .found = "false",
                             .hint = "--http-enabled true"});
        }
        context.require_database();
        context.keep_log();
        Host& host = context.host();
        const PoolMetrics pool(context.metrics(), host.pool());
        const auto server = serve_status(context.config().http, host, context.metrics());
        install_interrupt_handlers();
        context.print_record(endpoint_record(*server));
        wait_for_interrupt();
      });
}

}  // namespace qm::cli

// `quartermaster demo`: all of Quartermaster in one go, on an embedded server: plugins, their
// migrations, films, a tour of typed queries, the pool's figures, and the status endpoint. What it
// made is kept, so that a second run takes seconds.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <quartermaster/error.hpp>
#include <quartermaster/migrator.hpp>
#include <quartermaster/movie.hpp>
#include <quartermaster/pool.hpp>
#include <quartermaster/shared.hpp>

#include "cli/commands.hpp"
#include "cli/context.hpp"
#include "cli/demo/films_file.hpp"
#include "cli/demo/import.hpp"
#include "cli/demo/tour.hpp"
#include "cli/embedded_database.hpp"
#include "cli/interrupt.hpp"
#include "cli/migration_progress.hpp"
#include "cli/pool_table.hpp"
#include "cli/status_endpoints.hpp"

namespace qm::cli {
namespace {

struct Options {
  std::string data_dir;
  std::string films;
  bool once = false;
  bool fresh = false;
};

class Stopwatch {
 public:
  std::string text() const {
    return fmt::format("{:.1f} s", std::chrono::duration<double>(Clock::now() - start_).count());
  }

 private:
  Clock::time_point start_ = Clock::now();
};

void stop_if_interrupted() {
  if (interrupted()) throw Error({.object = "demo", .problem = "interrupted"});
}

class Demo {
 public:
  Demo(Context& context, const Options& options) : context_(context), options_(options) {}
  // The pool has to be closed before its server stops.
  ~Demo() { context_.close_host(); }
  Demo(const Demo&) = delete;
  Demo& operator=(const Demo&) = delete;

  void run() {
    start_server();
    list_plugins();
    migrate();
    Pool& pool = context_.host().pool();
    const PoolMetrics registered(context_.metrics(), pool);
    const auto shared = shared::Client::bind(context_.host()).value();
    const auto movies = movie::Client::bind(context_.host()).value();
    import(pool, movies);
    tour(pool, shared, movies);
    show_pool();
    stop_if_interrupted();
    const bool serving = !options_.once && context_.config().http.enabled;
    const auto endpoints = serving ? listen() : nullptr;
    if (context_.output() == Context::Output::json) context_.print_record(std::move(summary_));
    if (endpoints) serve(*endpoints);
  }

 private:
  // A line of the opening: what, and how it went. As Progress::finish() lays it out.
  void report(const char* what, const std::string& outcome) {
    context_.say(fmt::format("  {:<11} {}", what, outcome));
  }

  void start_server() {
    const auto data_dir = data_directory(context_, options_.data_dir, "demo");
    if (options_.fresh) delete_cluster(data_dir);
    const Stopwatch watch;
    server_.emplace(attach_or_start(context_, data_dir, false));
    const embedded::Server& server = server_->server;
    stop_if_interrupted();
    const std::string url = ensure_database(server, "quartermaster");
    report("server",
           fmt::format("PostgreSQL {} on {}, {}", server.major(), data_dir.string(),
                       server_->was_running ? "running already" : "started in " + watch.text()));
    summary_.emplace_back("url", url);
    // Whatever is configured is somebody's real database: the demo keeps to its own.
    context_.override_key("database.url", url);
    context_.override_key("database.migration_url", "");
  }

  void list_plugins() {
    std::string text;
    Node::Array rows;
    for (const PluginInfo& plugin : context_.host().plugins()) {
      if (plugin.state != PluginState::loaded) continue;
      text += fmt::format("{}{} {}", text.empty() ? "" : ", ", plugin.id, plugin.version);
      rows.emplace_back(Node::Object{{"id", plugin.id},
                                     {"version", plugin.version},
                                     {"queries", plugin.queries.size()},
                                     {"migrations", plugin.migrations.size()}});
    }
    report("plugins", text.empty() ? "none found" : text);
    summary_.emplace_back("plugins", std::move(rows));
  }

  void migrate() {
    MigrationProgressBar bar(context_.progress_style());
    MigratorOptions options;
    options.progress = [&](const MigrationProgress& progress) { bar.update(progress); };
    options.cancelled = interrupted;
    Migrator migrator = context_.host().migrator();
    const std::size_t steps = migrator.up(options).size();
    if (steps == 0) {
      bar.finish(fmt::format("nothing to do, the schema is at {:06}", migrator.version().version));
    } else {
      bar.finish(steps);
    }
    summary_.emplace_back("migrated", steps);
    stop_if_interrupted();
  }

  void import(Pool& pool, const movie::Client& movies) {
    const Stopwatch watch;
    Progress progress(context_.progress_style(), "import");
    const std::int64_t there = movies.count_movies(pool);
    const ImportOutcome outcome =
        there > 0 ? ImportOutcome{there, false}
                  : import_films(pool, movies, read_films(options_.films), progress);
    progress.finish(outcome.imported ? fmt::format("{} films in {}", outcome.movies, watch.text())
                                     : fmt::format("{} films are there already", outcome.movies));
    summary_.emplace_back("films", outcome.movies);
    summary_.emplace_back("imported", outcome.imported);
    stop_if_interrupted();
  }

  void tour(Pool& pool, const shared::Client& shared, const movie::Client& movies) {
    Node::Array stops;
    for (TourStop& stop : run_tour(pool, shared, movies)) {
      if (context_.output() == Context::Output::table) {
        context_.print_text(fmt::format("\n{}\n  {}\n\n{}", stop.title, stop.call,
                                        render_table(stop.columns, stop.rows, 2)));
      }
      stops.emplace_back(
          Node::Object{{"title", stop.title}, {"call", stop.call}, {"rows", std::move(stop.rows)}});
    }
    summary_.emplace_back("tour", std::move(stops));
  }

  void show_pool() {
    const bool json = context_.output() == Context::Output::json;
    Node::Array rows =
        pool_rows(context_.metrics().text(), json ? Durations::seconds : Durations::readable);
    if (!json) {
      context_.print_text("\nThe pool so far\n  qm::stats(db), as /metrics has it\n\n" +
                          render_table(pool_columns(false), rows, 2));
    }
    summary_.emplace_back("pool", std::move(rows));
  }

  // When the usual port is taken and nobody asked for it, any free one will do.
  std::unique_ptr<HttpServer> listen() {
    HttpConfig http = context_.config().http;
    std::unique_ptr<HttpServer> server;
    try {
      server = serve_status(http, context_.host(), context_.metrics());
    } catch (const ConfigError&) {
      if (http.port == 0 || context_.was_given("http.port")) throw;
      http.port = 0;
      server = serve_status(http, context_.host(), context_.metrics());
    }
    summary_.emplace_back("endpoints", endpoint_record(*server));
    return server;
  }

  void serve(const HttpServer& server) {
    std::string text = "\nServing until Ctrl-C\n";
    for (const auto& [name, address] : endpoint_record(server))
      text += "  " + address.text() + "\n";
    if (context_.output() == Context::Output::table) context_.print_text(text);
    wait_for_interrupt();
    context_.say(
        fmt::format("\nstopped; the data stays in {}", server_->server.data_dir().string()));
  }

  Context& context_;
  const Options& options_;
  std::optional<RunningServer> server_;
  Node::Object summary_;
};

}  // namespace

void add_demo_command(CLI::App& app, Context& context) {
  const auto options = std::make_shared<Options>();
  CLI::App* demo = app.add_subcommand(
      "demo", "Show it all on a database of its own: migrations, films, queries, metrics");
  demo->add_option("--data-dir", options->data_dir,
                   "Where its database is kept; else embedded.data_dir, else a directory in your "
                   "home directory")
      ->type_name("DIR");
  demo->add_option("--films", options->films,
                   "The films to import into an empty database (CSV); else those that come along")
      ->type_name("FILE");
  demo->add_flag("--once", options->once, "End after the tour instead of serving until Ctrl-C");
  demo->add_flag("--fresh", options->fresh, "Start over: delete the database first");
  demo->callback([options, &context] {
    install_interrupt_handlers();
    Demo(context, *options).run();
  });
}

}  // namespace qm::cli

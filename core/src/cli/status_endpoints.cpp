#include "cli/status_endpoints.hpp"

#include <chrono>
#include <quartermaster/error.hpp>
#include <quartermaster/migrator.hpp>

namespace qm::cli {
namespace {

Node::Object database_details(const HealthReport& report) {
  return {{"state", to_string(report.state)},
          {"latency_ms", std::chrono::duration<double, std::milli>(report.latency).count()},
          {"reason", report.reason.empty() ? Node() : Node(report.reason)}};
}

// Null when they cannot be read.
Node migration_details(Host& host, bool& ready) {
  std::int64_t pending = 0;
  std::int64_t dirty = 0;
  std::uint32_t version = 0;
  try {
    for (const MigrationStatus& status : host.migrator().status()) {
      if (status.state == MigrationState::pending) {
        ++pending;
      } else {
        version = std::max(version, status.version);
      }
      if (status.state == MigrationState::dirty) ++dirty;
    }
  } catch (const Error&) {
    ready = false;
    return {};
  }
  ready = ready && pending == 0 && dirty == 0;
  return Node::Object{{"version", version}, {"pending", pending}, {"dirty", dirty}};
}

Node plugin_details(Host& host, bool& ready) {
  std::int64_t loaded = 0;
  Node::Array refused;
  for (const PluginInfo& plugin : host.plugins()) {
    if (plugin.state == PluginState::loaded) ++loaded;
    if (plugin.state == PluginState::rejected) {
      refused.emplace_back(Node::Object{{"id", plugin.id}, {"reason", plugin.reason}});
    }
  }
  ready = ready && refused.empty();
  return Node::Object{{"loaded", loaded}, {"refused", std::move(refused)}};
}

HttpResponse readyz(Host& host) {
  const Readiness answer = readiness(host);
  return {.status = answer.ready ? 200U : 503U,
          .content_type = "application/json",
          .body = Node(answer.details).json()};
}

std::map<std::string, HttpServer::Handler> handlers(Host& host, Metrics& metrics) {
  return {{"/healthz",
           [] {
             HttpResponse response;
             response.body = "ok\n";
             return response;
           }},
          {"/metrics",
           [&metrics] {
             return HttpResponse{.content_type = "text/plain; version=0.0.4; charset=utf-8",
                                 .body = metrics.text()};
           }},
          {"/readyz", [&host] { return readyz(host); }}};
}

}  // namespace

Readiness readiness(Host& host) {
  const HealthReport report = health(host.pool());
  bool ready = report.state == HealthState::ok;
  Node database = database_details(report);
  // A database that does not answer is not asked again, which would take its time to fail, too.
  Node migrations = ready ? migration_details(host, ready) : Node();
  Node plugins = plugin_details(host, ready);
  return {ready,
          {{"ready", ready},
           {"database", std::move(database)},
           {"migrations", std::move(migrations)},
           {"plugins", std::move(plugins)}}};
}

std::unique_ptr<HttpServer> serve_status(const HttpConfig& config, Host& host, Metrics& metrics) {
  return std::make_unique<HttpServer>(config, handlers(host, metrics), host.observer());
}

Node::Object endpoint_record(const HttpServer& server) {
  const std::string url = server.url();
  return {{"metrics", url + "/metrics"}, {"alive", url + "/healthz"}, {"ready", url + "/readyz"}};
}

}  // namespace qm::cli

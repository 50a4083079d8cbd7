#include "cli/context.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cctype>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <quartermaster/error.hpp>
#include <quartermaster/logging.hpp>
#include <quartermaster/metrics.hpp>
#include <system_error>

namespace qm::cli {
namespace {

constexpr const char* default_config_file = "quartermaster.yaml";

// Where the configuration is when no flag says so.
std::optional<std::filesystem::path> find_config_file() {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): nothing changes the environment
  if (const char* path = std::getenv("QUARTERMASTER_CONFIG"); path != nullptr && *path != '\0') {
    return path;
  }
  std::error_code error;
  if (std::filesystem::exists(default_config_file, error)) return default_config_file;
  return std::nullopt;
}

std::string flag_description(const ConfigKeyInfo& info) {
  std::string text = info.description;
  text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
  return info.default_text.empty() || info.default_text == "\"\""
             ? fmt::format("{} [{}]", text, info.type)
             : fmt::format("{} [{}; default {}]", text, info.type, info.default_text);
}

// A host without plugins is an application's right; of a command it is a mistake that would look
// like success: nothing to migrate, nothing to verify. A configured directory has some, so it is
// the installed one that has none.
[[noreturn]] void refuse_empty() {
  throw ConfigError({.object = "plugins",
                     .expected = "at least one",
                     .found = "none installed and none configured",
                     .hint = "name a directory of plugins with --plugins-directories"});
}

}  // namespace

Context::Context() = default;
Context::~Context() = default;

void Context::add_options(CLI::App& app) {
  app.add_option("--config", config_file_,
                 "Configuration file; else $QUARTERMASTER_CONFIG, else ./quartermaster.yaml when "
                 "there is one")
      ->type_name("FILE");
  app.add_option_function<std::string>(
         "--output",
         [this](const std::string& form) {
           output_ = form == "json" ? Output::json : Output::table;
         },
         "Form of results: table or json")
      ->type_name("FORM")
      ->take_last()
      ->check([](const std::string& form) {
        return form == "table" || form == "json" ? std::string()
                                                 : "expected table or json, found '" + form + "'";
      });
  app.add_flag("--quiet", quiet_, "Results and errors only");
  for (const ConfigKeyInfo& info : config_keys()) {
    app.add_option_function<std::string>(
           info.flag, [this, &info](const std::string& value) { flags_[info.key] = value; },
           flag_description(info))
        ->type_name("VALUE")
        ->take_last()
        ->group("Configuration");
  }
}

Progress::Style Context::progress_style() const {
  return quiet_ || output_ == Output::json ? Progress::Style::none : Progress::detect();
}

const ConfigLoader& Context::configuration() {
  if (!loader_) {
    loader_ = std::make_unique<ConfigLoader>(ConfigSources{
        .file = config_file_.empty() ? find_config_file() : config_file_,
        .environment = ConfigLoader::process_environment(),
        .flags = flags_,
    });
  }
  return *loader_;
}

void Context::override_key(const std::string& key, const std::string& value) {
  flags_[key] = value;
  loader_.reset();
}

void Context::require_database() {
  if (!config().database.url.empty()) return;
  throw ConfigError({.object = "database.url",
                     .expected = "a connection string",
                     .found = "none",
                     .hint = "set it in the file, QUARTERMASTER_DATABASE_URL or --database-url"});
}

bool Context::was_given(const std::string& key) {
  for (const ConfigEntry& entry : configuration().entries()) {
    if (entry.key == key) return entry.origin != "default";
  }
  return false;
}

ObserverPtr Context::make_observer() {
  bool log = log_always_;
  for (const ConfigEntry& entry : configuration().entries()) {
    log = log || (entry.key.starts_with("log.") && entry.origin != "default");
  }
  return combine({log ? make_log_observer(config().log) : nullptr, metrics().observer()});
}

Host& Context::host(Refused refused) {
  if (host_) return *host_;
  host_ = std::make_unique<Host>(config(), make_observer());
  if (host_->plugins().empty()) refuse_empty();
  if (quiet_ || refused == Refused::told_by_caller) return *host_;
  for (const PluginInfo& plugin : host_->plugins()) {
    if (plugin.state != PluginState::rejected) continue;
    std::fputs(
        fmt::format("quartermaster: plugin {} is left out: {}\n", plugin.id, plugin.reason).c_str(),
        stderr);
  }
  return *host_;
}

Metrics& Context::metrics() {
  if (!metrics_) metrics_ = std::make_unique<Metrics>();
  return *metrics_;
}

void Context::print_table(const std::vector<Column>& columns, Node::Array rows) const {
  print_text(output_ == Output::json ? Node(std::move(rows)).json() : render_table(columns, rows));
}

void Context::print_record(Node::Object record) const {
  if (output_ == Output::json) {
    print_text(Node(std::move(record)).json());
    return;
  }
  // For people, what is not there need not be said.
  std::erase_if(record, [](const auto& entry) { return entry.second.is_null(); });
  print_text(render_record(record));
}

void Context::print_text(std::string_view text) const {
  const bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
  if (written && std::fflush(stdout) == 0) return;
  if (errno == EPIPE) throw ReaderGone({.object = "standard output"});
  throw Error({.object = "standard output",
               .problem = "cannot be written: " + std::generic_category().message(errno)});
}

void Context::say(const std::string& text) const {
  if (!quiet_ && output_ == Output::table) print_text(text + "\n");
}

}  // namespace qm::cli

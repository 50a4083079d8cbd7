// See keys.hpp. A row names the key, the field, the type with its range, and the description; the
// default is the field's own initialiser in config.hpp.
#include "config/keys.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <type_traits>
#include <utility>

#include "config/loopback.hpp"
#include "config/url.hpp"

namespace qm::config {
namespace {

using std::chrono::hours;
using std::chrono::microseconds;
using std::chrono::milliseconds;

// Longer is a slip of the unit, and keeps sums of durations far from overflow.
constexpr milliseconds a_year = hours{8760};

constexpr std::array<std::string_view, 2> formats{"text", "json"};
constexpr std::array<std::string_view, 4> levels{"debug", "info", "warning", "error"};
constexpr std::array<std::string_view, 3> session_states{"auto", "on", "off"};

template <class Section, class Value>
struct Slot {
  Section Config::*section;
  Value Section::*field;

  Value& in(Config& config) const { return config.*section.*field; }
  const Value& in(const Config& config) const { return config.*section.*field; }
};

// Clang 14 does not deduce the arguments of an aggregate.
template <class Section, class Value>
Slot<Section, Value> slot_of(Section Config::*section, Value Section::*field) {
  return {section, field};
}

std::string environment_name(std::string key) {
  for (char& c : key)
    c = c == '.' ? '_' : static_cast<char>(c >= 'a' && c <= 'z' ? c - 32 : c);
  return "QUARTERMASTER_" + key;
}

std::string flag_name(std::string key) {
  std::replace(key.begin(), key.end(), '.', '-');
  std::replace(key.begin(), key.end(), '_', '-');
  return "--" + key;
}

// Takes the parts of a row and derives the rest.
Key make_key(std::string name, std::string type, std::string description,
             std::function<void(const KeyContext&, const RawValue&, Config&)> store,
             std::function<std::string(const Config&)> write, bool secret = false) {
  Key key;
  key.info.environment = environment_name(name);
  key.info.flag = flag_name(name);
  key.info.default_text = write(Config{});
  key.info.key = std::move(name);
  key.info.type = std::move(type);
  key.info.description = std::move(description);
  key.info.secret = secret;
  key.store = [store = std::move(store), context = key.context()](const RawValue& raw, Config& to) {
    store(context, raw, to);
  };
  key.write = std::move(write);
  return key;
}

template <class Section>
Key connection_string(std::string name, Slot<Section, std::string> slot, std::string description) {
  return make_key(
      std::move(name), "connection string", std::move(description),
      [slot](const KeyContext& key, const RawValue& raw, Config& to) {
        std::string url = read_text(key, raw);
        if (!url.empty() && !is_connection_string(url)) {
          refuse(key, raw,
                 "postgresql://user@host/database or key=value pairs; in a URL, special characters "
                 "are percent-encoded");
        }
        slot.in(to) = std::move(url);
      },
      [slot](const Config& from) { return yaml_text(slot.in(from)); }, true);
}

template <class Section, class Number>
Key integer(std::string name, Slot<Section, Number> slot, std::int64_t low, std::int64_t high,
            std::string description) {
  return make_key(
      std::move(name), fmt::format("integer {}..{}", low, high), std::move(description),
      [=](const KeyContext& key, const RawValue& raw, Config& to) {
        slot.in(to) = static_cast<Number>(read_integer(key, raw, low, high));
      },
      [slot](const Config& from) { return fmt::format("{}", slot.in(from)); });
}

template <class Section>
Key boolean(std::string name, Slot<Section, bool> slot, std::string description) {
  return make_key(
      std::move(name), "true | false", std::move(description),
      [slot](const KeyContext& key, const RawValue& raw, Config& to) {
        slot.in(to) = read_bool(key, raw);
      },
      [slot](const Config& from) { return fmt::format("{}", slot.in(from)); });
}

template <class Section, class Enum, std::size_t N>
Key choice(std::string name, Slot<Section, Enum> slot,
           const std::array<std::string_view, N>& choices, std::string description) {
  return make_key(
      std::move(name), fmt::format("{}", fmt::join(choices, " | ")), std::move(description),
      [slot, &choices](const KeyContext& key, const RawValue& raw, Config& to) {
        slot.in(to) = static_cast<Enum>(read_choice(key, raw, choices));
      },
      [slot, &choices](const Config& from) {
        return std::string(choices.at(static_cast<std::size_t>(slot.in(from))));
      });
}

template <class Section, class Duration>
Key duration(std::string name, Slot<Section, Duration> slot, microseconds low, microseconds high,
             std::string description) {
  return make_key(
      std::move(name),
      fmt::format("duration {}..{}", duration_text(low.count()), duration_text(high.count())),
      std::move(description),
      [=](const KeyContext& key, const RawValue& raw, Config& to) {
        const std::int64_t unit = microseconds(Duration(1)).count();
        const auto value = read_duration(key, raw, low.count(), high.count(), unit);
        slot.in(to) = std::chrono::duration_cast<Duration>(microseconds(value.value_or(0)));
      },
      [slot](const Config& from) { return duration_text(microseconds(slot.in(from)).count()); });
}

template <class Section>
Key optional_duration(std::string name, Slot<Section, std::optional<milliseconds>> slot,
                      microseconds low, microseconds high, std::string_view none,
                      std::string description) {
  return make_key(
      std::move(name),
      fmt::format("{} or duration {}..{}", none, duration_text(low.count()),
                  duration_text(high.count())),
      std::move(description),
      [=](const KeyContext& key, const RawValue& raw, Config& to) {
        const auto value = read_duration(key, raw, low.count(), high.count(), 1000, none);
        slot.in(to) =
            value ? std::optional(std::chrono::duration_cast<milliseconds>(microseconds(*value)))
                  : std::nullopt;
      },
      [=](const Config& from) {
        const auto& value = slot.in(from);
        return value ? duration_text(microseconds(*value).count()) : std::string(none);
      });
}

template <class Section>
Key path(std::string name, Slot<Section, std::filesystem::path> slot, std::string description) {
  return make_key(
      std::move(name), "path", std::move(description),
      [slot](const KeyContext& key, const RawValue& raw, Config& to) {
        slot.in(to) = read_text(key, raw);
      },
      [slot](const Config& from) { return yaml_text(slot.in(from).string()); });
}

// An address of the status endpoint: only this machine may see it.
template <class Section>
Key loopback(std::string name, Slot<Section, std::string> slot, std::string description) {
  return make_key(
      std::move(name), "loopback address", std::move(description),
      [slot](const KeyContext& key, const RawValue& raw, Config& to) {
        std::string address = read_text(key, raw);
        if (loopback_address(address).empty()) {
          refuse(key, raw, "127.0.0.1, ::1 or localhost; put a proxy in front to serve others");
        }
        slot.in(to) = std::move(address);
      },
      [slot](const Config& from) { return yaml_text(slot.in(from)); });
}

template <class Section, class Item>
Key list(std::string name, Slot<Section, std::vector<Item>> slot, std::string type, char separator,
         std::string description) {
  return make_key(
      std::move(name), std::move(type), std::move(description),
      [slot, separator](const KeyContext& key, const RawValue& raw, Config& to) {
        const std::vector<std::string> items = read_list(key, raw, separator);
        slot.in(to).assign(items.begin(), items.end());
      },
      [slot](const Config& from) {
        const std::vector<Item>& items = slot.in(from);
        return yaml_list(std::vector<std::string>(items.begin(), items.end()));
      });
}

std::vector<Key> make_table() {
  using D = DatabaseConfig;
  using L = LogConfig;
  using H = HttpConfig;
  using P = PluginConfig;
  using E = EmbeddedConfig;
  const auto database = [](auto field) { return slot_of(&Config::database, field); };
  const auto log = [](auto field) { return slot_of(&Config::log, field); };
  const auto http = [](auto field) { return slot_of(&Config::http, field); };
  const auto plugins = [](auto field) { return slot_of(&Config::plugins, field); };
  const auto embedded = [](auto field) { return slot_of(&Config::embedded, field); };
  const milliseconds shortest{1};

  std::vector<Key> table;
  table.push_back(connection_string("database.url", database(&D::url),
                                    "database to connect to: a URL or key=value pairs, as libpq "
                                    "reads them"));
  table.push_back(connection_string("database.migration_url", database(&D::migration_url),
                                    "database and role that migrations run as; empty: "
                                    "database.url"));
  table.push_back(integer("database.max_conns", database(&D::max_conns), 0, 65535,
                          "most connections of the pool; 0: twice the number of CPUs, plus one"));
  table.push_back(integer("database.min_conns", database(&D::min_conns), 0, 65535,
                          "connections the pool keeps open"));
  table.push_back(integer("database.min_idle_conns", database(&D::min_idle_conns), 0, 65535,
                          "idle connections the pool keeps ready"));
  table.push_back(duration("database.max_conn_lifetime", database(&D::max_conn_lifetime), shortest,
                           a_year, "age at which a connection is replaced"));
  table.push_back(optional_duration("database.max_conn_lifetime_jitter",
                                    database(&D::max_conn_lifetime_jitter), milliseconds{0}, a_year,
                                    "auto",
                                    "most that chance adds to the lifetime, so that connections "
                                    "do not expire together; auto: a tenth of it"));
  table.push_back(duration("database.max_conn_idle_time", database(&D::max_conn_idle_time),
                           shortest, a_year, "idle time after which a connection is closed"));
  table.push_back(duration("database.health_check_period", database(&D::health_check_period),
                           shortest, a_year, "time between two rounds of the pool's upkeep"));
  table.push_back(duration("database.connect_timeout", database(&D::connect_timeout), shortest,
                           a_year, "longest time to make a connection"));
  table.push_back(duration("database.acquire_timeout", database(&D::acquire_timeout), shortest,
                           a_year, "longest wait for a connection of the pool"));
  table.push_back(optional_duration("database.query_timeout", database(&D::query_timeout), shortest,
                                    a_year, "none", "time after which a statement is cancelled"));
  table.push_back(duration("database.liveness_check_after", database(&D::liveness_check_after),
                           milliseconds{0}, a_year,
                           "idle time after which a connection is checked before it is lent"));
  table.push_back(duration("database.overtake_bound", database(&D::overtake_bound), microseconds{0},
                           std::chrono::seconds{1},
                           "how long a waiter may be passed by callers that find a connection at "
                           "once; 0: never"));
  table.push_back(duration("database.leak_report_after", database(&D::leak_report_after),
                           milliseconds{0}, a_year,
                           "time after which a connection still lent is reported; 0: never"));
  table.push_back(integer("database.statement_cache_capacity",
                          database(&D::statement_cache_capacity), 0, 65536,
                          "prepared statements kept for each connection; 0: none are named"));
  table.push_back(choice("database.session_state", database(&D::session_state), session_states,
                         "whether a session outlives a transaction; off behind a transaction "
                         "pooler"));

  table.push_back(choice("log.format", log(&L::format), formats, "form of the log records"));
  table.push_back(choice("log.level", log(&L::level), levels, "least severity that is logged"));
  table.push_back(path("log.file", log(&L::file), "file to append to; empty: standard error"));
  table.push_back(duration("log.slow_query_threshold", log(&L::slow_query_threshold),
                           milliseconds{0}, a_year,
                           "duration from which a statement is logged as slow; 0: off"));

  table.push_back(boolean("http.enabled", http(&H::enabled),
                          "whether to serve /metrics, /healthz and /readyz"));
  table.push_back(loopback("http.address", http(&H::address), "address to listen on"));
  table.push_back(
      integer("http.port", http(&H::port), 0, 65535, "port to listen on; 0: any free one"));

  table.push_back(list("plugins.directories", plugins(&P::directories), "list of paths", ':',
                       "directories searched for plugins after the installed one"));
  table.push_back(list("plugins.enabled", plugins(&P::enabled), "list of plugin ids", ',',
                       "plugins to load; empty: all but those that must be asked for"));
  table.push_back(boolean("plugins.use_default_directory", plugins(&P::use_default_directory),
                          "whether to search the installed plugin directory"));

  table.push_back(path("embedded.data_dir", embedded(&E::data_dir),
                       "data directory of the embedded server; empty: one of the user's own"));
  table.push_back(path("embedded.bin_dir", embedded(&E::bin_dir),
                       "directory of the server programs; empty: search"));
  return table;
}

}  // namespace

const std::vector<Key>& keys() {
  static const std::vector<Key> table = make_table();
  return table;
}

const Key* find_key(const std::string& name) {
  const auto& table = keys();
  const auto match = std::find_if(table.begin(), table.end(),
                                  [&](const Key& key) { return key.info.key == name; });
  return match == table.end() ? nullptr : &*match;
}

}  // namespace qm::config

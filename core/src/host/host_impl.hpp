// What a Host holds. Split from host.cpp because two files work on it: host.cpp without a
// database, host_database.cpp with one.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <quartermaster/host.hpp>
#include <quartermaster/pool.hpp>
#include <string>
#include <string_view>
#include <utility>

#include "plugin/plugin_set.hpp"

namespace qm {

struct Host::Impl {
  Impl(Config config_, ObserverPtr observer_)
      : config(std::move(config_)),
        observer(std::move(observer_)),
        plugins(config.plugins, observer) {
    for (const PluginInfo& info : plugins.plugins()) {
      // The first of a name stands for it: emplace() leaves what is there.
      for (const RegisteredQuery* query : info.queries)
        queries.emplace(query->full_name, query);
    }
  }

  // The highest version of the plugin that is applied in the database, as far as known. Looks into
  // the database when the host works with one and what is known would not do.
  std::optional<std::uint32_t> schema_version(const std::string& plugin, std::uint32_t needed);
  void set_schema_version(const std::string& plugin, std::uint32_t version);

  const Config config;
  const ObserverPtr observer;
  plugin::PluginSet plugins;
  std::map<std::string, const RegisteredQuery*, std::less<>> queries;

  std::mutex schema_mutex;
  std::map<std::string, std::uint32_t> schema_versions;
  std::function<void()> learn_schema_versions;  // none until the host works with a database

  // Last, so that it closes first: its connections know the queries.
  std::mutex pool_mutex;
  PoolHooks pool_hooks;
  std::shared_ptr<Pool> pool;
};

}  // namespace qm

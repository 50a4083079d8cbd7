// The Host without its database; see host_database.cpp for pool() and migrator().
#include <utility>

#include "host/binding.hpp"
#include "host/host_impl.hpp"

namespace qm {

std::optional<std::uint32_t> Host::Impl::schema_version(const std::string& plugin,
                                                        std::uint32_t needed) {
  const auto known = [&]() -> std::optional<std::uint32_t> {
    const auto found = schema_versions.find(plugin);
    if (found == schema_versions.end()) return std::nullopt;
    return found->second;
  };
  std::function<void()> learn;
  {
    const std::lock_guard lock(schema_mutex);
    const auto version = known();
    if (version && *version >= needed) return version;
    learn = learn_schema_versions;
  }
  // A migration may have run since: what is too low is looked up again.
  if (learn) learn();
  const std::lock_guard lock(schema_mutex);
  return known();
}

void Host::Impl::set_schema_version(const std::string& plugin, std::uint32_t version) {
  const std::lock_guard lock(schema_mutex);
  schema_versions[plugin] = version;
}

Host::Host(Config config, ObserverPtr observer)
    : impl_(std::make_unique<Impl>(std::move(config), std::move(observer))) {}

Host::~Host() = default;
Host::Host(Host&&) noexcept = default;
Host& Host::operator=(Host&&) noexcept = default;

const Config& Host::config() const noexcept {
  return impl_->config;
}

const ObserverPtr& Host::observer() const noexcept {
  return impl_->observer;
}

std::span<const PluginInfo> Host::plugins() const noexcept {
  return impl_->plugins.plugins();
}

const PluginInfo* Host::plugin(std::string_view id) const noexcept {
  return host::find_plugin(plugins(), id);
}

Expected<const RegisteredQuery*, BindError> Host::bind_query(std::string_view plugin,
                                                             std::string_view name,
                                                             std::uint64_t signature_hash,
                                                             std::string_view signature) const {
  return host::bind_query(plugins(), plugin, name, signature_hash, signature,
                          [this](const std::string& id, std::uint32_t needed) {
                            return impl_->schema_version(id, needed);
                          });
}

std::optional<Report> Host::unavailable(const RegisteredQuery& query) const {
  return host::why_unavailable(plugins(), query,
                               [this](const std::string& id, std::uint32_t needed) {
                                 return impl_->schema_version(id, needed);
                               });
}

const RegisteredQuery* Host::find_query(std::string_view full_name) const noexcept {
  const auto found = impl_->queries.find(full_name);
  return found == impl_->queries.end() ? nullptr : found->second;
}

}  // namespace qm

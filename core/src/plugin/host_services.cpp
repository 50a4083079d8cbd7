// See host_services.hpp. The functions below are called by plugins, so none lets an exception out.
#include "plugin/host_services.hpp"

#include <algorithm>
#include <string_view>

#include "plugin/text_rules.hpp"

namespace qm::plugin {
namespace {

constexpr std::size_t max_message_bytes = std::size_t{16} * 1024;

const HostServices& services_of(const qm_host* host) noexcept {
  return *static_cast<const HostServices*>(host);
}

extern "C" void quartermaster_log_1_write(const qm_host* host, qm_log_level level,
                                          qm_string message) {
  if (host) services_of(host).log(level, message);
}

extern "C" const void* quartermaster_host_capability(const qm_host* /*host*/, qm_string id) {
  static const qm_log_1 log{sizeof(qm_log_1), 0, quartermaster_log_1_write};
  const std::string_view name(id.data ? id.data : "", id.data ? id.size : 0);
  return name == "qm.log/1" ? &log : nullptr;
}

Severity severity_of(qm_log_level level) noexcept {
  switch (level) {
    case QM_LOG_DEBUG:
      return Severity::debug;
    case QM_LOG_INFO:
      return Severity::info;
    case QM_LOG_WARNING:
      return Severity::warning;
    default:
      return Severity::error;  // unknown levels too: better seen than lost
  }
}

}  // namespace

HostServices::HostServices(const std::string& plugin_id)
    : qm_host{sizeof(qm_host), QM_PLUGIN_ABI_MAJOR, QM_PLUGIN_ABI_MINOR, 0,
              quartermaster_host_capability},
      area_("plugin " + plugin_id) {}

void HostServices::attach(const ObserverPtr& observer) {
  const std::lock_guard lock(mutex_);
  if (observer) observers_.push_back(observer);
}

void HostServices::detach(const ObserverPtr& observer) {
  const std::lock_guard lock(mutex_);
  const auto found = std::find(observers_.begin(), observers_.end(), observer);
  if (found != observers_.end()) observers_.erase(found);
}

void HostServices::log(qm_log_level level, qm_string message) const noexcept {
  try {
    std::vector<ObserverPtr> observers;
    {
      const std::lock_guard lock(mutex_);
      observers = observers_;
    }
    std::sort(observers.begin(), observers.end());
    observers.erase(std::unique(observers.begin(), observers.end()), observers.end());
    const std::string text = printable(
        {message.data ? message.data : "", message.data ? message.size : 0}, max_message_bytes);
    for (const ObserverPtr& observer : observers) {
      observer->on_note({.severity = severity_of(level), .area = area_, .message = text});
    }
  } catch (...) {
    // Out of memory: the record is lost. There is nobody to tell, the plugin least of all.
    return;
  }
}

}  // namespace qm::plugin

// A plugin in C++ that forgets convention 6 of plugin.h: start() lets an exception out.
#include <quartermaster/plugin.h>

#include <stdexcept>
#include <string_view>

namespace {

constexpr qm_string text(std::string_view view) {
  return {view.data(), view.size()};
}

qm_status start(const qm_host*, qm_error*) {
  throw std::runtime_error("nobody expects this");
}

const qm_plugin plugin{sizeof(qm_plugin),
                       QM_PLUGIN_ABI_MAJOR,
                       0,
                       0,
                       text("throws"),
                       text("Throws"),
                       text("1.0.0"),
                       text(""),
                       {},
                       {},
                       {},
                       {},
                       {},
                       start,
                       nullptr,
                       nullptr};

}  // namespace

extern "C" QM_PLUGIN_EXPORT const qm_plugin* quartermaster_plugin(uint32_t, uint32_t) {
  return &plugin;
}

#include "cli/failure.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <quartermaster/error.hpp>

#include "cli/exit_code.hpp"
#include "cli/interrupt.hpp"
#include "cli/node.hpp"
#include "cli/usage_error.hpp"

namespace qm::cli {
namespace {

template <class Kind>
bool is(const std::exception& error) {
  return dynamic_cast<const Kind*>(&error) != nullptr;
}

void add(Node::Object& object, const char* key, const std::string& value) {
  if (!value.empty()) object.emplace_back(key, value);
}

Node::Object as_object(const std::exception& error, int exit_code) {
  Node::Object object{{"message", error.what()}, {"exit_code", exit_code}};
  if (const auto* ours = dynamic_cast<const Error*>(&error)) {
    const Report& report = ours->report();
    add(object, "object", report.object);
    add(object, "problem", report.problem);
    add(object, "expected", report.expected);
    add(object, "found", report.found);
    add(object, "hint", report.hint);
  }
  if (const auto* server = dynamic_cast<const ServerError*>(&error)) {
    add(object, "sqlstate", server->sqlstate());
  }
  return object;
}

}  // namespace

int exit_code_of(const std::exception& error) {
  if (interrupted() || is<CallCancelled>(error)) return exit_interrupted;
  if (is<UsageError>(error)) return exit_usage;
  if (is<ConfigError>(error) || is<PluginError>(error)) return exit_config;
  if (is<ConnectError>(error)) return exit_unreachable;
  if (is<AcquireTimeout>(error)) return exit_saturated;
  if (const auto* bind = dynamic_cast<const BindError*>(&error)) {
    return bind->failure() == BindFailure::schema_behind ? exit_failed : exit_config;
  }
  return exit_failed;
}

void print_failure(Context::Output output, const std::exception& error, int exit_code) {
  const std::string text = output == Context::Output::json
                               ? Node(Node::Object{{"error", as_object(error, exit_code)}}).json()
                               : fmt::format("quartermaster: {}\n", error.what());
  std::fputs(text.c_str(), stderr);
}

}  // namespace qm::cli

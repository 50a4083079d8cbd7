// What every command shares: the global options, the configuration and host made from them on
// first use, and how results are printed.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <quartermaster/config.hpp>
#include <quartermaster/host.hpp>
#include <string>
#include <vector>

#include "cli/node.hpp"
#include "cli/progress.hpp"
#include "cli/table.hpp"

namespace CLI {
class App;
}

namespace qm {
class Metrics;
}

namespace qm::cli {

class Context {
 public:
  enum class Output { table, json };

  Context();
  ~Context();

  // Registers --config, --output, --quiet and one flag per configuration key.
  void add_options(CLI::App& app);

  Output output() const { return output_; }
  bool quiet() const { return quiet_; }
  Progress::Style progress_style() const;

  // Read on first use; throws ConfigError. override() changes a key as a flag would, before that.
  const ConfigLoader& configuration();
  const Config& config() { return configuration().config(); }
  void override_key(const std::string& key, const std::string& value) { flags_[key] = value; }
  bool was_given(const std::string& key);

  // With log and metrics observers attached, plugins loaded.
  Host& host();
  Metrics& metrics();
  // The host's migrator, on migration_url or url.
  std::string migration_url();

  // Results go to standard output: a table or a record, or their JSON. Throws Error when standard
  // output cannot be written (a full disk).
  void print_table(const std::vector<Column>& columns, Node::Array rows) const;
  void print_record(Node::Object record) const;
  void print_text(const std::string& text) const;
  // Words for people: not with --output json or --quiet.
  void say(const std::string& text) const;

  int exit_code = 0;

 private:
  Output output_ = Output::table;
  bool quiet_ = false;
  std::optional<std::filesystem::path> config_file_;
  std::map<std::string, std::string> flags_;
  std::unique_ptr<ConfigLoader> loader_;
  std::unique_ptr<Metrics> metrics_;
  std::unique_ptr<Host> host_;
};

}  // namespace qm::cli

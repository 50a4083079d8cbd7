// What every command shares: the global options, the configuration and host made from them on
// first use, and how results are printed.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <quartermaster/config.hpp>
#include <quartermaster/error.hpp>
#include <quartermaster/host.hpp>
#include <string>
#include <string_view>
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

// Whoever read our output has stopped, as `| head` does: nothing to complain about.
class ReaderGone : public Error {
 public:
  using Error::Error;
};

class Context {
 public:
  enum class Output { table, json };

  Context();
  ~Context();

  // Registers --config, --output, --quiet and one flag per configuration key.
  void add_options(CLI::App& app);

  Output output() const { return output_; }
  // Before the command line has been read, for errors in it.
  void set_output(Output output) { output_ = output; }
  bool quiet() const { return quiet_; }
  Progress::Style progress_style() const;

  // Read on first use; throws ConfigError. override_key() changes a key as a flag would; not after
  // host().
  const ConfigLoader& configuration();
  const Config& config() { return configuration().config(); }
  void override_key(const std::string& key, const std::string& value);
  void require_database();                 // throws ConfigError unless database.url is set
  bool was_given(const std::string& key);  // by a file, the environment or a flag

  // With metrics attached, plugins loaded; says on standard error which were refused, unless the
  // caller tells that itself. Logs are for what runs on: a command's errors are its own output, so
  // it logs only when a log.* key asks for it.
  enum class Refused { named, told_by_caller };
  Host& host(Refused refused = Refused::named);
  void close_host() { host_.reset(); }
  void keep_log() { log_always_ = true; }
  Metrics& metrics();

  // Results go to standard output: a table or a record, or their JSON. Throws Error when standard
  // output cannot be written (a full disk), ReaderGone when nobody reads it.
  void print_table(const std::vector<Column>& columns, Node::Array rows) const;
  void print_record(Node::Object record) const;
  void print_text(std::string_view text) const;
  // Words for people: not with --output json or --quiet.
  void say(const std::string& text) const;

  int exit_code = 0;

 private:
  ObserverPtr make_observer();

  Output output_ = Output::table;
  bool quiet_ = false;
  bool log_always_ = false;
  std::string config_file_;
  std::map<std::string, std::string> flags_;
  std::unique_ptr<ConfigLoader> loader_;
  std::unique_ptr<Metrics> metrics_;
  std::unique_ptr<Host> host_;
};

}  // namespace qm::cli

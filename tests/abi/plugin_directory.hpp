// What the ABI tests share: a directory into which fixture plugins are installed with manifests,
// an observer that keeps what it is told, and the fixtures' own record of what ran.
#pragma once

#include <stdlib.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <optional>
#include <quartermaster/host.hpp>
#include <quartermaster/observer.hpp>
#include <string>
#include <vector>

#include "scratch_directory.hpp"

namespace qm::test {

// The parts of a manifest; members of which a test does not speak are good.
struct ManifestText {
  std::string id;
  std::string version = "1.0.0";
  std::string abi = R"("abi_major": 1, "abi_minor": 0)";
  std::string library{};       // empty: <id>.so
  std::string dependencies{};  // JSON: {"id": "alpha"}
  bool optional = false;

  std::string json() const {
    return "{\"id\": \"" + id + "\", \"name\": \"Fixture\", \"version\": \"" + version + "\", " +
           abi + ", \"library\": \"" + (library.empty() ? id + ".so" : library) +
           "\", \"dependencies\": [" + dependencies +
           "], \"optional\": " + (optional ? "true" : "false") + "}";
  }
};

class PluginDirectory {
 public:
  const std::filesystem::path& path() const noexcept { return scratch_.path(); }
  const ScratchDirectory& scratch() const noexcept { return scratch_; }

  // The library of that name from the build, under this name.
  std::filesystem::path install_library(const std::string& fixture, const std::string& as) const {
    const auto to = path() / as;
    std::filesystem::copy_file(std::filesystem::path(QUARTERMASTER_FIXTURE_DIR) / (fixture + ".so"),
                               to, std::filesystem::copy_options::overwrite_existing);
    ScratchDirectory::set_mode(to, 0644);
    return to;
  }

  std::filesystem::path install(const ManifestText& manifest) const {
    install_library(manifest.id, manifest.id + ".so");
    return scratch_.write(manifest.id + ".json", manifest.json());
  }

  // As the fixtures were compiled: gamma needs beta needs alpha.
  void install_chain() const {
    install({.id = "alpha"});
    install({.id = "beta", .dependencies = R"({"id": "alpha", "version": ">=1.0.0 <2.0.0"})"});
    install({.id = "gamma", .dependencies = R"({"id": "beta"})"});
  }

 private:
  ScratchDirectory scratch_;
};

class NoteRecorder final : public Observer {
 public:
  void on_query(const QueryEvent& /*event*/) noexcept override {}
  void on_note(const NoteEvent& event) noexcept override {
    const std::lock_guard lock(mutex_);
    notes_.push_back(std::string(event.area) + ": " + std::string(event.message));
  }
  std::vector<std::string> notes() const {
    const std::lock_guard lock(mutex_);
    return notes_;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> notes_;
};

// While it lives, fixtures write down what of them runs.
class FixtureLog {
 public:
  FixtureLog() {
    // Before any thread of the test exists.
    ::setenv("QUARTERMASTER_FIXTURE_LOG", file().c_str(), 1);  // NOLINT(concurrency-mt-unsafe)
  }
  FixtureLog(const FixtureLog&) = delete;
  FixtureLog& operator=(const FixtureLog&) = delete;
  ~FixtureLog() { ::unsetenv("QUARTERMASTER_FIXTURE_LOG"); }  // NOLINT(concurrency-mt-unsafe)

  std::vector<std::string> lines() const {
    std::vector<std::string> lines;
    std::ifstream stream(file());
    for (std::string line; std::getline(stream, line);)
      lines.push_back(line);
    return lines;
  }
  std::vector<std::string> lines_of(const std::string& event) const {
    std::vector<std::string> of;
    for (const auto& line : lines()) {
      if (line.starts_with(event + " ")) of.push_back(line.substr(event.size() + 1));
    }
    return of;
  }

 private:
  std::filesystem::path file() const { return scratch_.path() / "events"; }
  ScratchDirectory scratch_;
};

inline Config config_for(std::vector<std::filesystem::path> directories,
                         std::vector<std::string> enabled = {}) {
  Config config;
  config.plugins.use_default_directory = false;
  config.plugins.directories = std::move(directories);
  config.plugins.enabled = std::move(enabled);
  return config;
}

}  // namespace qm::test

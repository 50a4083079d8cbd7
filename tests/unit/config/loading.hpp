// Loads configurations from texts for the tests of this folder, and gives errors back as texts.
#pragma once

#include <gtest/gtest.h>
#include <quartermaster/config.hpp>
#include <quartermaster/error.hpp>
#include <string>
#include <string_view>

#include "scratch_directory.hpp"

namespace qm::test {

class Loading : public ::testing::Test {
 protected:
  ConfigLoader load(std::string_view yaml) {
    ConfigSources sources;
    sources.file = scratch_.write("q.yaml", yaml);
    return ConfigLoader(sources);
  }

  // The message with the scratch directory cut away.
  std::string file_error(std::string_view yaml) {
    ConfigSources sources;
    sources.file = scratch_.write("q.yaml", yaml);
    return error_of(sources);
  }

  static std::string environment_error(const std::string& name, const std::string& value) {
    ConfigSources sources;
    sources.environment[name] = value;
    return Loading().error_of(sources);
  }

  static std::string flag_error(const std::string& key, const std::string& value) {
    ConfigSources sources;
    sources.flags[key] = value;
    return Loading().error_of(sources);
  }

  std::string error_of(const ConfigSources& sources) {
    try {
      const ConfigLoader loader(sources);
    } catch (const ConfigError& error) {
      std::string text = error.what();
      const std::string directory = scratch_.path().string() + "/";
      for (std::size_t at = text.find(directory); at != std::string::npos;
           at = text.find(directory)) {
        text.erase(at, directory.size());
      }
      return text;
    }
    return "(no error)";
  }

  static const ConfigEntry& entry(const ConfigLoader& loader, std::string_view key) {
    for (const ConfigEntry& each : loader.entries()) {
      if (each.key == key) return each;
    }
    throw std::logic_error("no entry for " + std::string(key));
  }

  ScratchDirectory scratch_;

 private:
  void TestBody() override {}
};

}  // namespace qm::test

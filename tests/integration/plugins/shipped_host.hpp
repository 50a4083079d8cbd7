// A host with a choice of the shipped plugins, from the build's plugin directory.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <quartermaster/host.hpp>
#include <quartermaster/migrator.hpp>
#include <quartermaster/pool.hpp>
#include <string>
#include <vector>

namespace qm::test {

inline Config shipped_config(const std::string& url, std::vector<std::string> enabled) {
  Config config;
  config.database.url = url;
  config.database.max_conns = 1;
  config.plugins.use_default_directory = false;
  config.plugins.directories = {QUARTERMASTER_TEST_PLUGIN_DIR};
  config.plugins.enabled = std::move(enabled);
  return config;
}

}  // namespace qm::test

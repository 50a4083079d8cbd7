// The table of configuration keys: the only place where a key's name, type, range, default and
// meaning stand. The loader, `quartermaster config` and the command line read it.
#pragma once

#include <functional>
#include <quartermaster/config.hpp>
#include <string>
#include <vector>

#include "config/value.hpp"

namespace qm::config {

struct Key {
  ConfigKeyInfo info;
  // Checks the raw value and stores it. Throws ConfigError.
  std::function<void(const RawValue&, Config&)> store;
  // The value as it would be written in the file, secrets included.
  std::function<std::string(const Config&)> write;

  KeyContext context() const { return {info.key, info.type, info.secret}; }
};

const std::vector<Key>& keys();

// The key of that full name ("database.max_conns"); null when there is none.
const Key* find_key(const std::string& name);

}  // namespace qm::config

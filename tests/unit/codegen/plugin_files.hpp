// A plugin on disk for a test: plugin.yaml, queries and migrations in a directory of its own.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "codegen/plugin.hpp"
#include "scratch_directory.hpp"

namespace qm::test {

class PluginFiles {
 public:
  explicit PluginFiles(const std::string& id = "film") : id_(id) {
    write("plugin.yaml", "id: " + id +
                             "\nversion: 1.2.3\nmigrations: {ranges: [[100, 199]]}\n"
                             "queries: [queries.sql]\n");
    write("queries.sql", "");
    scratch_.make_directory(id + "/migrations");
  }

  std::filesystem::path path(const std::string& name) const { return scratch_.path() / id_ / name; }
  std::filesystem::path manifest() const { return path("plugin.yaml"); }

  // `name` may begin with ../ for another plugin's files.
  std::filesystem::path write(const std::string& name, std::string_view text) const {
    const auto file = path(name).lexically_normal();
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << text;
    return file;
  }

  codegen::Plugin load(bool require_dependencies = false) const {
    return codegen::load_plugin(manifest(), {}, require_dependencies);
  }

  // A message without the directory, which is another one in each run.
  std::string without_directory(std::string message) const {
    const std::string directory = scratch_.path().string() + "/";
    for (std::size_t at = message.find(directory); at != message.npos; at = message.find(directory))
      message.erase(at, directory.size());
    return message;
  }

 private:
  std::string id_;
  ScratchDirectory scratch_;
};

}  // namespace qm::test

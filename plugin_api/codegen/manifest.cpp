// See manifest.hpp. The only user of yaml-cpp here: it is slow to compile.
#include "codegen/manifest.hpp"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <functional>
#include <initializer_list>
#include <regex>
#include <set>
#include <utility>

#include "codegen/diagnostic.hpp"
#include "codegen/naming.hpp"
#include "codegen/source.hpp"

namespace qm::codegen {
namespace {

class Reader {
 public:
  Reader(const std::filesystem::path& file, const Source& source) : file_(file) {
    try {
      root_ = YAML::Load(source.text());
    } catch (const YAML::Exception& error) {
      throw CodegenError(Diagnostic{file.string(),
                                    line(error.mark),
                                    column(error.mark),
                                    {.expected = "YAML", .found = error.msg}});
    }
    if (!root_.IsMap()) refuse(root_, "", "keys such as id and version", "none");
  }

  Manifest read() {
    only(root_, "",
         {"id", "name", "description", "version", "depends", "schemas", "migrations", "queries",
          "lock", "rename", "overrides", "optional"});
    Manifest manifest;
    manifest.file = file_;
    manifest.id = matching(root_, "id", "[a-z][a-z0-9_]{0,62}");
    // A client's namespace is qm::<id>: there, std and qm have to mean what they mean elsewhere.
    if (is_keyword(manifest.id) || manifest.id == "std" || manifest.id == "qm") {
      refuse(root_["id"], "id", "a name that C++ has no use for", manifest.id);
    }
    manifest.name = text(root_, "name", manifest.id);
    manifest.description = text(root_, "description", "");
    manifest.version =
        matching(root_, "version", "(0|[1-9][0-9]*)[.](0|[1-9][0-9]*)[.](0|[1-9][0-9]*)",
                 "MAJOR.MINOR.PATCH");
    depends(manifest);
    for (const YAML::Node& node : list(root_, "schemas")) {
      manifest.schemas.push_back(scalar(node, "schemas"));
    }
    migrations(manifest);
    for (const YAML::Node& node : list(root_, "queries"))
      query_files(node, manifest);
    manifest.lock = beside(text(root_, "lock", "queries.lock.json"));
    manifest.names = names();
    manifest.optional = flag(root_, "optional");
    return manifest;
  }

  ClientNames read_names() {
    only(root_, "", {"rename", "overrides"});
    return names();
  }

 private:
  ClientNames names() const {
    ClientNames names{file_};
    rename(names);
    overrides(names);
    return names;
  }

  static std::size_t line(const YAML::Mark& mark) {
    return mark.is_null() ? 1 : static_cast<std::size_t>(mark.line) + 1;
  }
  static std::size_t column(const YAML::Mark& mark) {
    return mark.is_null() ? 1 : static_cast<std::size_t>(mark.column) + 1;
  }

  [[noreturn]] void refuse(const YAML::Node& node, const std::string& object, std::string expected,
                           std::string found) const {
    const YAML::Mark mark = node.IsDefined() ? node.Mark() : YAML::Mark();
    throw CodegenError(
        Diagnostic{file_.string(),
                   line(mark),
                   column(mark),
                   {.object = object, .expected = std::move(expected), .found = std::move(found)}});
  }

  static std::string kind_of(const YAML::Node& node) {
    if (!node.IsDefined() || node.IsNull()) return "nothing";
    if (node.IsScalar()) return node.Scalar().empty() ? "nothing" : node.Scalar();
    return node.IsSequence() ? "a list" : "a map";
  }

  void only(const YAML::Node& map, const std::string& object,
            std::initializer_list<std::string_view> keys) const {
    std::set<std::string> seen;
    for (const auto& entry : map) {
      const std::string key = entry.first.Scalar();
      if (std::find(keys.begin(), keys.end(), key) == keys.end()) {
        refuse(entry.first, object, fmt::format("one of {}", fmt::join(keys, ", ")), key);
      }
      if (!seen.insert(key).second) refuse(entry.first, object, "each key once", key + " again");
    }
  }

  std::string scalar(const YAML::Node& node, const std::string& object) const {
    if (!node.IsDefined() || !node.IsScalar() || node.Scalar().empty()) {
      refuse(node, object, "text", kind_of(node));
    }
    return node.Scalar();
  }

  // The text of a key that is there. yaml-cpp has the value of "key:" begin where the next thing
  // does: that it is missing is told at the key.
  std::string value_of(const YAML::Node& map, const char* key) const {
    for (const auto& entry : map) {
      if (entry.second.IsNull() && entry.first.Scalar() == key) {
        refuse(entry.first, key, "text", "nothing");
      }
    }
    return scalar(map[key], key);
  }

  std::string text(const YAML::Node& map, const char* key, std::string fallback) const {
    return map[key].IsDefined() ? value_of(map, key) : std::move(fallback);
  }

  std::string matching(const YAML::Node& map, const char* key, const char* pattern,
                       const char* expected = nullptr) const {
    const YAML::Node node = map[key];
    if (!node.IsDefined()) refuse(map, key, expected ? expected : pattern, "nothing");
    std::string value = value_of(map, key);
    if (!std::regex_match(value, std::regex(pattern))) {
      refuse(node, key, expected ? expected : pattern, value);
    }
    return value;
  }

  bool flag(const YAML::Node& map, const char* key) const {
    const YAML::Node node = map[key];
    if (!node.IsDefined()) return false;
    const std::string value = value_of(map, key);
    if (value != "true" && value != "false") refuse(node, key, "true or false", value);
    return value == "true";
  }

  std::vector<YAML::Node> list(const YAML::Node& map, const char* key) const {
    const YAML::Node node = map[key];
    if (!node.IsDefined() || node.IsNull()) return {};
    if (!node.IsSequence()) refuse(node, key, "a list", kind_of(node));
    return {node.begin(), node.end()};
  }

  std::filesystem::path beside(const std::string& path) const {
    return (file_.parent_path() / path).lexically_normal();
  }

  void depends(Manifest& manifest) const {
    for (const YAML::Node& node : list(root_, "depends")) {
      if (!node.IsMap()) refuse(node, "depends", "a map with id and version", kind_of(node));
      only(node, "depends", {"id", "version"});
      manifest.depends.push_back(
          {matching(node, "id", "[a-z][a-z0-9_]{0,62}"), text(node, "version", "")});
    }
  }

  void migrations(Manifest& manifest) const {
    const YAML::Node node = root_["migrations"];
    if (!node.IsDefined() || node.IsNull()) return;
    if (!node.IsMap()) refuse(node, "migrations", "a map with ranges and directory", kind_of(node));
    only(node, "migrations", {"ranges", "directory"});
    for (const YAML::Node& range : list(node, "ranges")) {
      if (!range.IsSequence() || range.size() != 2) {
        refuse(range, "ranges", "a pair [first, last]", kind_of(range));
      }
      const VersionRange read{version(range[0]), version(range[1])};
      if (read.first > read.last) {
        refuse(range, "ranges", "first <= last", fmt::format("[{}, {}]", read.first, read.last));
      }
      manifest.ranges.push_back(read);
    }
    manifest.migrations = beside(text(node, "directory", "migrations"));
  }

  std::uint32_t version(const YAML::Node& node) const {
    static const std::regex pattern("[1-9][0-9]{0,8}");
    const std::string value = scalar(node, "ranges");
    if (!std::regex_match(value, pattern)) refuse(node, "ranges", "a version from 1", value);
    return static_cast<std::uint32_t>(std::stoul(value));
  }

  void query_files(const YAML::Node& node, Manifest& manifest) const {
    const std::filesystem::path path = beside(scalar(node, "queries"));
    if (!std::filesystem::is_directory(path)) {
      if (!std::filesystem::exists(path))
        refuse(node, "queries", "a file or directory", "none at " + path.string());
      manifest.queries.push_back(path);
      return;
    }
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(path)) {
      if (entry.path().extension() == ".sql") files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    manifest.queries.insert(manifest.queries.end(), files.begin(), files.end());
  }

  void rename(ClientNames& names) const {
    const YAML::Node node = root_["rename"];
    if (!node.IsDefined() || node.IsNull()) return;
    if (!node.IsMap()) refuse(node, "rename", "a map from table to name", kind_of(node));
    static const std::regex pattern("[A-Za-z][A-Za-z0-9]*(_[A-Za-z0-9]+)*");
    for (const auto& entry : node) {
      const std::string name = scalar(entry.second, "rename");
      if (!std::regex_match(name, pattern) || is_keyword(name))
        refuse(entry.second, "rename", "a C++ identifier", name);
      names.rename.emplace(entry.first.Scalar(), name);
    }
  }

  void overrides(ClientNames& names) const {
    for (const YAML::Node& node : list(root_, "overrides")) {
      if (!node.IsMap()) refuse(node, "overrides", "a map with type or column, cpp", kind_of(node));
      only(node, "overrides", {"type", "column", "cpp", "include"});
      if (node["type"].IsDefined() == node["column"].IsDefined())
        refuse(node, "overrides", "either type or column",
               node["type"].IsDefined() ? "both" : "neither");
      names.overrides.push_back(
          {text(node, "type", ""), text(node, "column", ""),
           matching(node, "cpp", "[A-Za-z_:][A-Za-z0-9_:<>, ]*", "a C++ type"),
           text(node, "include", "")});
    }
  }

  std::filesystem::path file_;
  YAML::Node root_;
};

}  // namespace

bool Manifest::owns(std::uint32_t schema_version) const noexcept {
  return std::any_of(ranges.begin(), ranges.end(), [&](const VersionRange& range) {
    return range.first <= schema_version && schema_version <= range.last;
  });
}

Manifest read_manifest(const std::filesystem::path& file) {
  return Reader(file, read_source(file)).read();
}

ClientNames read_client_names(const std::filesystem::path& file) {
  return Reader(file, read_source(file)).read_names();
}

std::vector<Manifest> read_dependencies(const Manifest& manifest,
                                        const std::vector<std::filesystem::path>& known,
                                        bool required, const std::string& except) {
  std::vector<Manifest> given;
  given.reserve(known.size());
  for (const auto& file : known)
    given.push_back(read_manifest(file));

  std::vector<Manifest> ordered;
  std::vector<std::string> path;
  const std::function<void(const Manifest&)> visit = [&](const Manifest& node) {
    if (std::find(path.begin(), path.end(), node.id) != path.end()) {
      throw CodegenError(
          Diagnostic{node.file.string(),
                     1,
                     1,
                     {.object = "depends",
                      .expected = "no cycle",
                      .found = fmt::format("{} -> {}", fmt::join(path, " -> "), node.id)}});
    }
    const auto same = [&](const Manifest& other) { return other.id == node.id; };
    if (std::any_of(ordered.begin(), ordered.end(), same)) return;
    path.push_back(node.id);
    for (const Dependency& dependency : node.depends) {
      if (dependency.id == except) continue;
      const auto found = std::find_if(given.begin(), given.end(), [&](const Manifest& other) {
        return other.id == dependency.id;
      });
      const auto sibling =
          (node.file.parent_path() / ".." / dependency.id / "plugin.yaml").lexically_normal();
      if (found != given.end()) {
        visit(*found);
      } else if (std::filesystem::exists(sibling)) {
        visit(read_manifest(sibling));
      } else if (required) {
        throw CodegenError(Diagnostic{node.file.string(),
                                      1,
                                      1,
                                      {.object = "dependency " + dependency.id,
                                       .expected = "its manifest at " + sibling.string(),
                                       .found = "none",
                                       .hint = "name it with --dependency"}});
      }
    }
    path.pop_back();
    ordered.push_back(node);
  };
  visit(manifest);
  ordered.pop_back();  // the plugin itself
  return ordered;
}

}  // namespace qm::codegen

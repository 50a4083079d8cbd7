// See file.hpp. The only user of yaml-cpp. The document is walked by hand, two levels deep: anchors
// that repeat each other are never expanded, and a repeated key is seen (yaml-cpp keeps both).
#include "config/file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <cerrno>
#include <set>
#include <system_error>
#include <vector>

#include "config/keys.hpp"
#include "config/nearest.hpp"
#include "config/utf8.hpp"

namespace qm::config {
namespace {

using Shape = RawValue::Shape;

std::string error_text(int error) {
  return std::generic_category().message(error);
}

[[noreturn]] void refuse_file(const std::string& object, const std::string& problem,
                              const std::string& hint = {}) {
  throw ConfigError(
      Report{.object = "configuration file " + object, .problem = problem, .hint = hint});
}

std::string read_bytes(const std::filesystem::path& path) {
  struct Descriptor {
    int fd;
    ~Descriptor() {
      if (fd >= 0) ::close(fd);
    }
  };
  const Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY)};
  if (file.fd < 0) refuse_file(path.string(), error_text(errno));
  struct stat info {};
  if (::fstat(file.fd, &info) == 0 && S_ISDIR(info.st_mode)) {
    refuse_file(path.string(), "is a directory", "name a YAML file");
  }
  std::string bytes;
  for (;;) {
    char block[16384];
    const ssize_t size = ::read(file.fd, block, sizeof block);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) refuse_file(path.string(), error_text(errno));
    if (size == 0) return bytes;
    bytes.append(block, static_cast<std::size_t>(size));
    if (bytes.size() > largest_file) {
      refuse_file(path.string(), fmt::format("is larger than {} KiB", largest_file / 1024));
    }
  }
}

void require_text(const std::string& path, const std::string& bytes) {
  const std::size_t invalid = std::min(find_invalid_utf8(bytes), bytes.find('\0'));
  if (invalid == std::string::npos) return;
  const auto line =
      std::count(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(invalid), '\n') + 1;
  refuse_file(fmt::format("{}:{}", path, line),
              fmt::format("byte 0x{:02x} at offset {} is not UTF-8 text",
                          static_cast<unsigned char>(bytes[invalid]), invalid),
              "save the file as UTF-8");
}

// yaml-cpp quotes the source in a few messages; a password may stand there.
std::string syntax_problem(const YAML::ParserException& error) {
  const std::string& message = error.msg;
  return message.substr(0, message.find(':'));
}

// Walks one document and collects its values.
class Reader {
 public:
  explicit Reader(std::string path) : path_(std::move(path)) {
    for (const Key& key : keys()) {
      known_.push_back(key.info.key);
      const std::string section = section_of(key.info.key);
      if (sections_.empty() || sections_.back() != section) sections_.push_back(section);
    }
  }

  std::map<std::string, RawValue> read(const YAML::Node& root) {
    if (root.IsNull()) return {};
    if (!root.IsMap()) {
      throw ConfigError(Report{.object = place(root.Mark()),
                               .expected = "a mapping of sections",
                               .found = kind(root),
                               .hint = fmt::format("sections are {}", fmt::join(sections_, ", "))});
    }
    std::set<std::string> seen;
    for (const auto& entry : root) {
      const YAML::Node& name = entry.first;
      const std::string section = scalar_key(name);
      refuse_repeated(seen, section, name.Mark());
      if (std::find(sections_.begin(), sections_.end(), section) == sections_.end()) {
        refuse_unknown(section, name.Mark(), "one of the sections", section_hint(section));
      }
      read_section(section, entry.second);
    }
    return std::move(values_);
  }

 private:
  static std::string section_of(const std::string& key) { return key.substr(0, key.find('.')); }

  void read_section(const std::string& section, const YAML::Node& node) {
    if (node.IsNull()) return;  // a section whose keys are all commented out
    if (!node.IsMap()) {
      throw ConfigError(Report{.object = place(node.Mark()) + ": " + section,
                               .expected = "a mapping of keys",
                               .found = kind(node)});
    }
    std::set<std::string> seen;
    for (const auto& entry : node) {
      const YAML::Node& name = entry.first;
      const std::string key = section + "." + scalar_key(name);
      refuse_repeated(seen, key, name.Mark());
      if (find_key(key) == nullptr) {
        const std::string meant = nearest(key, known_);
        refuse_unknown(key, name.Mark(), "a known key",
                       meant.empty() ? "" : "did you mean " + meant + "?");
      }
      values_.emplace(key, raw_value(key, entry.second, name.Mark()));
    }
  }

  RawValue raw_value(const std::string& key, const YAML::Node& node, const YAML::Mark& mark) const {
    RawValue raw;
    raw.origin = fmt::format("{}:{}", path_, mark.line + 1);
    if (node.IsNull()) {
      raw.shape = Shape::nothing;
    } else if (node.IsMap()) {
      raw.shape = Shape::mapping;
    } else if (node.IsScalar()) {
      // yaml-cpp tags a plain scalar "?" and a quoted one "!".
      raw.shape = node.Tag() == "?" ? Shape::plain : Shape::quoted;
      raw.text = node.Scalar();
    } else {
      raw.shape = Shape::list;
      for (const YAML::Node& item : node) {
        if (!item.IsScalar()) {
          throw ConfigError(Report{.object = place(item.Mark()) + ": " + key,
                                   .expected = "a text in the list",
                                   .found = kind(item)});
        }
        raw.items.push_back(item.Scalar());
      }
    }
    return raw;
  }

  std::string scalar_key(const YAML::Node& name) const {
    if (name.IsScalar()) return name.Scalar();
    throw ConfigError(
        Report{.object = place(name.Mark()), .expected = "a key", .found = kind(name)});
  }

  void refuse_repeated(std::set<std::string>& seen, const std::string& key,
                       const YAML::Mark& mark) const {
    if (seen.insert(key).second) return;
    throw ConfigError(Report{.object = place(mark) + ": " + printable(key),
                             .problem = "the key stands there twice",
                             .hint = "keep one of them"});
  }

  [[noreturn]] void refuse_unknown(const std::string& key, const YAML::Mark& mark,
                                   const std::string& expected, const std::string& hint) const {
    throw ConfigError(Report{.object = place(mark),
                             .expected = expected,
                             .found = "\"" + printable(key) + "\"",
                             .hint = hint});
  }

  std::string section_hint(const std::string& name) const {
    if (find_key(name) != nullptr) {
      const std::size_t dot = name.find('.');
      return fmt::format("write it as {} below {}:", name.substr(dot + 1), name.substr(0, dot));
    }
    for (const std::string& key : known_) {
      if (key.substr(key.find('.') + 1) == name) {
        return fmt::format("{} belongs below {}:", name, section_of(key));
      }
    }
    const std::string meant = nearest(name, sections_);
    return meant.empty() ? fmt::format("sections are {}", fmt::join(sections_, ", "))
                         : "did you mean " + meant + "?";
  }

  static std::string printable(std::string_view text) {
    std::string result(text.substr(0, 60));
    for (char& c : result) {
      if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = '?';
    }
    return repair_utf8(result) + (text.size() > 60 ? "..." : "");
  }

  static std::string kind(const YAML::Node& node) {
    if (node.IsNull()) return "nothing";
    if (node.IsMap()) return "a mapping";
    return node.IsSequence() ? "a list" : "a text";
  }

  std::string place(const YAML::Mark& mark) const {
    return fmt::format("{}:{}:{}", path_, mark.line + 1, mark.column + 1);
  }

  std::string path_;
  std::vector<std::string> known_;
  std::vector<std::string> sections_;
  std::map<std::string, RawValue> values_;
};

}  // namespace

std::map<std::string, RawValue> read_file(const std::filesystem::path& path) {
  const std::string bytes = read_bytes(path);
  require_text(path.string(), bytes);
  try {
    const std::vector<YAML::Node> documents = YAML::LoadAll(bytes);
    if (documents.empty()) return {};
    if (documents.size() > 1) {
      refuse_file(path.string(), "has more than one YAML document", "remove the --- lines");
    }
    return Reader(path.string()).read(documents.front());
  } catch (const YAML::ParserException& error) {
    refuse_file(fmt::format("{}:{}:{}", path.string(), error.mark.line + 1, error.mark.column + 1),
                "is not YAML: " + syntax_problem(error));
  } catch (const YAML::Exception& error) {
    refuse_file(path.string(), "is not YAML");
  }
}

}  // namespace qm::config

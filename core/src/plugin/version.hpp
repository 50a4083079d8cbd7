// Versions of plugins and the ranges that dependencies ask for. Three numbers compared from the
// left; no pre-release tags: a plugin that is installed is released.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace qm::plugin {

struct Version {
  std::uint32_t major = 0;
  std::uint32_t minor = 0;
  std::uint32_t patch = 0;

  // "MAJOR.MINOR.PATCH", decimal without leading zeros; none when the text is anything else.
  static std::optional<Version> parse(std::string_view text) noexcept;
  std::string to_string() const;
  // NOLINTNEXTLINE(modernize-use-nullptr): clang-tidy 14 finds one in what this generates
  friend auto operator<=>(const Version&, const Version&) = default;
};

// Comparisons that must all hold: ">=0.1.0 <1.0.0"; empty = any version.
class VersionRange {
 public:
  // None when a part is not an operator (>= > <= < =) followed at once by a version.
  static std::optional<VersionRange> parse(std::string_view text);
  bool contains(const Version& version) const noexcept;

 private:
  enum class Operator : std::uint8_t { at_least, above, at_most, below, exactly };
  struct Comparison {
    Operator op;
    Version bound;
  };
  std::vector<Comparison> comparisons_;
};

}  // namespace qm::plugin

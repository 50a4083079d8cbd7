// See version.hpp.
#include "plugin/version.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <system_error>
#include <utility>

namespace qm::plugin {

std::optional<Version> Version::parse(std::string_view text) noexcept {
  std::array<std::uint32_t, 3> parts{};
  const char* at = text.data();
  const char* const end = at + text.size();
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) {
      if (at == end || *at != '.') return std::nullopt;
      ++at;
    }
    const auto [next, error] = std::from_chars(at, end, parts.at(i));
    if (error != std::errc{}) return std::nullopt;
    if (*at == '0' && next - at > 1) return std::nullopt;
    at = next;
  }
  if (at != end) return std::nullopt;
  return Version{parts[0], parts[1], parts[2]};
}

std::string Version::to_string() const {
  return fmt::format("{}.{}.{}", major, minor, patch);
}

std::optional<VersionRange> VersionRange::parse(std::string_view text) {
  // Two-character operators first: ">" is a prefix of ">=".
  static constexpr std::array<std::pair<std::string_view, Operator>, 5> operators{
      {{">=", Operator::at_least},
       {"<=", Operator::at_most},
       {">", Operator::above},
       {"<", Operator::below},
       {"=", Operator::exactly}}};
  VersionRange range;
  while (true) {
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    if (text.empty()) return range;
    std::string_view part = text.substr(0, text.find(' '));
    text.remove_prefix(part.size());
    const auto* const found =
        std::find_if(operators.begin(), operators.end(),
                     [&](const auto& candidate) { return part.starts_with(candidate.first); });
    if (found == operators.end()) return std::nullopt;
    part.remove_prefix(found->first.size());
    const auto bound = Version::parse(part);
    if (!bound) return std::nullopt;
    range.comparisons_.push_back({found->second, *bound});
  }
}

bool VersionRange::contains(const Version& version) const noexcept {
  return std::all_of(comparisons_.begin(), comparisons_.end(), [&](const Comparison& comparison) {
    switch (comparison.op) {
      case Operator::at_least:
        return version >= comparison.bound;
      case Operator::above:
        return version > comparison.bound;
      case Operator::at_most:
        return version <= comparison.bound;
      case Operator::below:
        return version < comparison.bound;
      case Operator::exactly:
        return version == comparison.bound;
    }
    return false;
  });
}

}  // namespace qm::plugin

// The names that somebody may have meant: for hints in messages, not for look-ups.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace qm::host {

// At most three of the candidates, nearest first: equal but for case, a few edits away, or one
// containing the other.
std::vector<std::string> similar_names(std::string_view name,
                                       const std::vector<std::string_view>& candidates);

}  // namespace qm::host

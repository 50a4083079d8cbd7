// Finds the known name that a misspelt one was probably meant to be, for hints in messages.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace qm {

// Insertions, deletions, substitutions and swaps of neighbours that turn one text into the other.
std::size_t edit_distance(std::string_view a, std::string_view b);

// The candidate closest to `name`, letter case aside; empty when none is close: after the words
// that both begin with, more than a third of the name would have to change.
std::string nearest(std::string_view name, std::span<const std::string> candidates);

}  // namespace qm

// Finds and reads the file with the demo's films.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "cli/demo/film.hpp"

namespace qm::cli {

// `asked`, else the one that is installed with the program. Throws ConfigError: no such file, not
// readable, or a line that is no film.
std::vector<Film> read_films(const std::filesystem::path& asked);

}  // namespace qm::cli

// Puts the demo's films into the movie plugin's tables: movies, their genre and their director, all
// in one transaction, so that a broken file or Ctrl-C leaves nothing half-imported.
#pragma once

#include <cstdint>
#include <quartermaster/movie.hpp>
#include <quartermaster/pool.hpp>
#include <vector>

#include "cli/demo/film.hpp"
#include "cli/progress.hpp"

namespace qm::cli {

struct ImportOutcome {
  std::int64_t movies = 0;  // in the database now
  bool imported = false;    // false: they were there already
};

// Throws Error when interrupted.
ImportOutcome import_films(Pool& pool, const movie::Client& movies, const std::vector<Film>& films,
                           Progress& progress);

}  // namespace qm::cli

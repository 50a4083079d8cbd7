// The demo's tour: a few typed queries of each plugin and what they answer, as tables.
#pragma once

#include <quartermaster/movie.hpp>
#include <quartermaster/pool.hpp>
#include <quartermaster/shared.hpp>
#include <string>
#include <vector>

#include "cli/node.hpp"
#include "cli/table.hpp"

namespace qm::cli {

// One stop: the call as an application writes it, and its rows.
struct TourStop {
  std::string title;
  std::string call;
  std::vector<Column> columns;
  Node::Array rows;
};

// Runs the queries in order. What it writes (a user, a session, watch progress, a log entry) is
// written once; a second tour finds and updates it.
std::vector<TourStop> run_tour(Pool& pool, const shared::Client& shared,
                               const movie::Client& movies);

}  // namespace qm::cli

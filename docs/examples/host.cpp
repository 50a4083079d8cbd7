#include <iostream>
#include <quartermaster/migrator.hpp>
#include <quartermaster/movie.hpp>
#include <quartermaster/pool.hpp>

int main() {
  const qm::ConfigLoader settings({.environment = qm::ConfigLoader::process_environment()});
  qm::Host host(settings.config());
  host.migrator().up();
  const auto movies = qm::movie::Client::bind(host).value();
  for (const auto& film : movies.list_top_rated(host.pool(), {.min_vote_count = 1, .limit = 5}))
    std::cout << film.title << '\n';
}

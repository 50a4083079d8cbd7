#include "cli/demo/import.hpp"

#include <fmt/format.h>

#include <map>
#include <quartermaster/error.hpp>
#include <quartermaster/transaction.hpp>

#include "cli/interrupt.hpp"

namespace qm::cli {
namespace {

// The data has names where the schema wants TMDb's numbers: the order of first appearance serves.
class Numbering {
 public:
  std::int32_t operator()(const std::string& name) {
    return numbers_.try_emplace(name, static_cast<std::int32_t>(numbers_.size() + 1)).first->second;
  }

 private:
  std::map<std::string, std::int32_t> numbers_;
};

// "Concert/Performance" is "concert-performance": the rule by which the schema made the slugs of
// the rows it had.
std::string slug_of(const std::string& name) {
  std::string slug;
  for (const char c : name) {
    const bool is_kept = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (is_kept || (c >= 'A' && c <= 'Z')) {
      slug += is_kept ? c : static_cast<char>(c - 'A' + 'a');
    } else if (!slug.ends_with('-')) {
      slug += '-';
    }
  }
  if (slug.ends_with('-')) slug.pop_back();
  return slug;
}

void import_film(Executor& db, const movie::Client& movies, const Film& film, Numbering& people) {
  movie::CreateMovieParams params;
  params.title = film.title;
  params.year = film.year;
  params.release_date = film.release_date;
  params.runtime = film.runtime_minutes;
  params.status = "released";
  params.original_language = "en";
  if (!film.mpaa_rating.empty()) {
    params.age_ratings = Json{fmt::format(R"({{"US": {{"MPAA": "{}"}}}})", film.mpaa_rating)};
  }
  params.external_ratings = Json{"[]"};
  params.vote_average = film.imdb_rating;
  params.vote_count = film.imdb_votes;
  params.budget = film.production_budget;
  params.revenue = film.worldwide_gross;
  const movie::Movie row = movies.create_movie(db, params);
  if (!film.genre.empty()) {
    movies.add_movie_genre(db,
                           {.movie_id = row.id, .slug = slug_of(film.genre), .name = film.genre});
  }
  if (!film.director.empty()) {
    movie::CreateMovieCreditParams credit;
    credit.movie_id = row.id;
    credit.tmdb_person_id = people(film.director);
    credit.name = film.director;
    credit.credit_type = "crew";
    credit.job = "Director";
    credit.department = "Directing";
    movies.create_movie_credit(db, credit);
  }
}

}  // namespace

ImportOutcome import_films(Pool& pool, const movie::Client& movies, const std::vector<Film>& films,
                           Progress& progress) {
  if (const std::int64_t there = movies.count_movies(pool); there > 0) return {there, false};
  PooledConnection connection = pool.acquire();
  Transaction transaction(*connection);
  Numbering people;
  for (std::size_t i = 0; i < films.size(); ++i) {
    if (interrupted()) {
      throw Error(
          {.object = "import", .problem = "interrupted", .hint = "nothing was kept; run it again"});
    }
    import_film(transaction, movies, films[i], people);
    progress.update(i + 1, films.size(), films[i].title);
  }
  const std::int64_t count = movies.count_movies(transaction);
  transaction.commit();
  return {count, true};
}

}  // namespace qm::cli

#include "cli/demo/tour.hpp"

#include <fmt/format.h>

#include <chrono>

namespace qm::cli {
namespace {

using namespace std::chrono_literals;

template <class T>
Node optional_node(const std::optional<T>& value) {
  return value ? Node(*value) : Node();
}

// With the digits it has: 9.0 stays 9.0. NaN and the infinities are no JSON numbers.
Node optional_node(const std::optional<Numeric>& value) {
  if (!value) return {};
  const std::string& text = value->text();
  return text.find_first_not_of("-.0123456789") == std::string::npos ? Node(Node::RawJson{text})
                                                                     : Node(text);
}

// "2026-11-23 07:45:12": the fraction is of no use to a reader.
std::string seconds_text(const TimestampTz& time) {
  return time.to_string().substr(0, 19);
}

std::vector<Column> movie_columns() {
  return {{.key = "title", .title = {}, .max_width = 44}, {"year"}, {"rating"}, {"votes"}};
}

Node::Object movie_row(const movie::Movie& m) {
  return {{"title", m.title},
          {"year", optional_node(m.year)},
          {"rating", optional_node(m.vote_average)},
          {"votes", optional_node(m.vote_count)}};
}

template <class Rows>
Node::Array movie_rows(const Rows& movies) {
  Node::Array rows;
  for (const movie::Movie& m : movies)
    rows.emplace_back(movie_row(m));
  return rows;
}

shared::User demo_user(Pool& pool, const shared::Client& shared) {
  if (auto user = shared.get_user_by_username(pool, "ada")) return *user;
  shared::CreateUserParams params;
  params.username = "ada";
  params.email = "ada@example.org";
  params.password_hash = "$argon2id$not-a-real-hash";
  params.display_name = "Ada Lovelace";
  params.timezone = "Europe/London";
  params.qar_enabled = false;
  params.is_active = true;
  params.is_admin = true;
  return shared.create_user(pool, params);
}

TourStop users(Pool& pool, const shared::Client& shared) {
  shared::ListUsersParams params;
  params.is_active = true;
  params.limit = 5;
  params.offset = 0;
  Node::Array rows;
  for (const shared::User& user : shared.list_users(pool, params)) {
    rows.emplace_back(Node::Object{{"username", user.username},
                                   {"display name", optional_node(user.display_name)},
                                   {"admin", optional_node(user.is_admin)},
                                   {"created", seconds_text(user.created_at)}});
  }
  return {"Users",
          "shared.list_users(db, {.is_active = true, .limit = 5})",
          {{"username"}, {"display name"}, {"admin"}, {"created"}},
          std::move(rows)};
}

TourStop sessions(Pool& pool, const shared::Client& shared, const shared::User& user) {
  if (shared.count_active_user_sessions(pool, user.id) == 0) {
    shared::CreateSessionParams params;
    params.user_id = user.id;
    // Unique per run, because the hash of an expired session stays reserved.
    const std::string token =
        fmt::format("demo-{}", std::chrono::system_clock::now().time_since_epoch().count());
    params.token_hash = token;
    params.ip_address = Inet::parse("192.0.2.7");
    params.device_name = "quartermaster demo";
    params.scopes = std::vector<std::string>{"read", "write"};
    params.expires_at = TimestampTz{std::chrono::system_clock::now() + 24h};
    shared.create_session(pool, params);
  }
  Node::Array rows;
  for (const shared::Session& session : shared.list_user_sessions(pool, user.id)) {
    Node::Array scopes;
    if (session.scopes) {
      for (const std::string& scope : *session.scopes)
        scopes.emplace_back(scope);
    }
    rows.emplace_back(Node::Object{
        {"device", optional_node(session.device_name)},
        {"address", session.ip_address ? Node(session.ip_address->to_string()) : Node()},
        {"scopes", std::move(scopes)},
        {"expires", seconds_text(session.expires_at)}});
  }
  return {"Sessions",
          "shared.list_user_sessions(db, ada.id)",
          {{"device"}, {"address"}, {"scopes"}, {"expires"}},
          std::move(rows)};
}

TourStop settings(Pool& pool, const shared::Client& shared) {
  Node::Array rows;
  for (const shared::ServerSetting& setting : shared.list_public_server_settings(pool)) {
    rows.emplace_back(Node::Object{{"key", setting.key},
                                   {"value", setting.value.text},
                                   {"category", optional_node(setting.category)}});
  }
  return {"Settings",
          "shared.list_public_server_settings(db)",
          {{"key"}, {"value"}, {"category"}},
          std::move(rows)};
}

TourStop title_search(Pool& pool, const movie::Client& movies) {
  return {"Films by title",
          R"(movies.search_movies_by_title(db, {.query = "godfather", .limit = 4}))",
          movie_columns(),
          movie_rows(movies.search_movies_by_title(
              pool, {.query = "godfather", .limit = 4, .offset = 0}))};
}

TourStop by_year(Pool& pool, const movie::Client& movies) {
  return {"Films of a year", "movies.list_movies_by_year(db, {.year = 1999, .limit = 5})",
          movie_columns(),
          movie_rows(movies.list_movies_by_year(pool, {.year = 1999, .limit = 5, .offset = 0}))};
}

TourStop top_rated(Pool& pool, const movie::Client& movies) {
  return {"Top rated", "movies.list_top_rated(db, {.min_vote_count = 100'000, .limit = 5})",
          movie_columns(),
          movie_rows(
              movies.list_top_rated(pool, {.min_vote_count = 100'000, .limit = 5, .offset = 0}))};
}

TourStop genres(Pool& pool, const movie::Client& movies) {
  Node::Array rows;
  for (const auto& genre : movies.list_distinct_movie_genres(pool)) {
    rows.emplace_back(Node::Object{{"genre", genre.name}, {"films", genre.item_count}});
  }
  return {
      "Genres", "movies.list_distinct_movie_genres(db)", {{"genre"}, {"films"}}, std::move(rows)};
}

TourStop by_genre(Pool& pool, const movie::Client& movies) {
  return {"Films of a genre",
          "movies.list_movies_by_genre(db, {.slug = \"black-comedy\", .limit = 5})",
          movie_columns(),
          movie_rows(movies.list_movies_by_genre(
              pool, {.slug = "black-comedy", .limit = 5, .offset = 0}))};
}

TourStop watch_progress(Pool& pool, const movie::Client& movies, const shared::User& user) {
  const auto found =
      movies.list_top_rated(pool, {.min_vote_count = 100'000, .limit = 1, .offset = 0});
  if (!found.empty()) {
    movies.create_or_update_watch_progress(pool, {.user_id = user.id,
                                                  .movie_id = found.front().id,
                                                  .progress_seconds = 2500,
                                                  .duration_seconds = 8520,
                                                  .is_completed = false});
  }
  Node::Array rows;
  for (const auto& row : movies.list_continue_watching(pool, {.user_id = user.id, .limit = 5})) {
    rows.emplace_back(Node::Object{{"title", row.title},
                                   {"watched", fmt::format("{} min", row.progress_seconds / 60)},
                                   {"percent", optional_node(row.progress_percent)},
                                   {"last", seconds_text(row.last_watched_at)}});
  }
  return {"Watch progress",
          "movies.create_or_update_watch_progress(db, {...}), then list_continue_watching",
          {{"title"}, {"watched"}, {"percent"}, {"last"}},
          std::move(rows)};
}

TourStop activity(Pool& pool, const shared::Client& shared, const shared::User& user) {
  shared::CreateActivityLogParams params;
  params.user_id = user.id;
  params.username = user.username;
  params.action = "demo.tour";
  params.resource_type = "user";
  params.resource_id = user.id;
  params.metadata = Json{R"({"tour": true})"};
  params.success = true;
  shared.create_activity_log(pool, params);
  Node::Array rows;
  for (const auto& row : shared.get_recent_actions(pool, 5)) {
    rows.emplace_back(Node::Object{{"action", row.action}, {"count", row.count}});
  }
  return {"Activity",
          "shared.create_activity_log(db, {...}), then get_recent_actions(db, 5)",
          {{"action"}, {"count"}},
          std::move(rows)};
}

}  // namespace

std::vector<TourStop> run_tour(Pool& pool, const shared::Client& shared,
                               const movie::Client& movies) {
  const shared::User user = demo_user(pool, shared);
  std::vector<TourStop> stops;
  stops.push_back(users(pool, shared));
  stops.push_back(sessions(pool, shared, user));
  stops.push_back(settings(pool, shared));
  stops.push_back(title_search(pool, movies));
  stops.push_back(by_year(pool, movies));
  stops.push_back(top_rated(pool, movies));
  stops.push_back(genres(pool, movies));
  stops.push_back(by_genre(pool, movies));
  stops.push_back(watch_progress(pool, movies, user));
  stops.push_back(activity(pool, shared, user));
  return stops;
}

}  // namespace qm::cli

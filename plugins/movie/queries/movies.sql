-- Movies with their files, credits, collections and genres, and what each user watched.
-- Movies, files, credits and collections are deleted softly: such a row is out of every answer but
-- the statistics, and its place (TMDb id, path, ...) stays taken: storing it anew is an error.

-- name: CreateMovie :one
-- Adds a movie; it counts as added to the library now. A deleted movie gives its TMDb and IMDb ids
-- up to a new one.
-- @since 202
with given_up as (
  update movie.movies
  set
    tmdb_id = nullif(tmdb_id, sqlc.narg(tmdb_id)),
    imdb_id = nullif(imdb_id, sqlc.narg(imdb_id))
  where (tmdb_id = sqlc.narg(tmdb_id) or imdb_id = sqlc.narg(imdb_id))
    and deleted_at is not null
  returning id
)
insert into movie.movies (
  tmdb_id, imdb_id, title, original_title, year, release_date, runtime, overview, tagline, status,
  original_language, titles_i18n, taglines_i18n, overviews_i18n, age_ratings, external_ratings,
  poster_path, backdrop_path, trailer_url, vote_average, vote_count, popularity, budget, revenue,
  radarr_id, metadata_updated_at, deleted_at
) values (
  sqlc.narg(tmdb_id), sqlc.narg(imdb_id), @title, sqlc.narg(original_title), sqlc.narg(year),
  sqlc.narg(release_date), sqlc.narg(runtime), sqlc.narg(overview), sqlc.narg(tagline),
  sqlc.narg(status), sqlc.narg(original_language), sqlc.narg(titles_i18n),
  sqlc.narg(taglines_i18n), sqlc.narg(overviews_i18n), sqlc.narg(age_ratings),
  @external_ratings, sqlc.narg(poster_path), sqlc.narg(backdrop_path), sqlc.narg(trailer_url),
  sqlc.narg(vote_average), sqlc.narg(vote_count), sqlc.narg(popularity), sqlc.narg(budget),
  sqlc.narg(revenue), sqlc.narg(radarr_id), sqlc.narg(metadata_updated_at),
  -- Null, for which the ids have to be given up first.
  (select min(null::timestamptz) from given_up)
)
returning *;

-- name: GetMovie :one
-- The movie with this id.
-- @since 202
select *
from movie.movies
where id = @id
  and deleted_at is null;

-- name: GetMovieByTMDbID :one
-- The movie with this TMDb id.
-- @since 202
select *
from movie.movies
where tmdb_id = @tmdb_id
  and deleted_at is null;

-- name: GetMovieByIMDbID :one
-- The movie with this IMDb id.
-- @since 202
select *
from movie.movies
where imdb_id = @imdb_id
  and deleted_at is null;

-- name: GetMovieByRadarrID :one
-- The movie with this Radarr id. Nothing keeps these ids unique: of several movies the one
-- stored first is returned.
-- @since 202
select *
from movie.movies
where radarr_id = @radarr_id
  and deleted_at is null
order by created_at, id
limit 1;

-- name: UpdateMovie :one
-- Changes a movie; a null parameter keeps the stored value, so nothing can be cleared.
-- No row comes back when there is no such movie.
-- @since 202
update movie.movies
set
  tmdb_id = coalesce(sqlc.narg(tmdb_id), tmdb_id),
  imdb_id = coalesce(sqlc.narg(imdb_id), imdb_id),
  title = coalesce(sqlc.narg(title), title),
  original_title = coalesce(sqlc.narg(original_title), original_title),
  year = coalesce(sqlc.narg(year), year),
  release_date = coalesce(sqlc.narg(release_date), release_date),
  runtime = coalesce(sqlc.narg(runtime), runtime),
  overview = coalesce(sqlc.narg(overview), overview),
  tagline = coalesce(sqlc.narg(tagline), tagline),
  status = coalesce(sqlc.narg(status), status),
  original_language = coalesce(sqlc.narg(original_language), original_language),
  titles_i18n = coalesce(sqlc.narg(titles_i18n), titles_i18n),
  taglines_i18n = coalesce(sqlc.narg(taglines_i18n), taglines_i18n),
  overviews_i18n = coalesce(sqlc.narg(overviews_i18n), overviews_i18n),
  age_ratings = coalesce(sqlc.narg(age_ratings), age_ratings),
  external_ratings = coalesce(sqlc.narg(external_ratings), external_ratings),
  poster_path = coalesce(sqlc.narg(poster_path), poster_path),
  backdrop_path = coalesce(sqlc.narg(backdrop_path), backdrop_path),
  trailer_url = coalesce(sqlc.narg(trailer_url), trailer_url),
  vote_average = coalesce(sqlc.narg(vote_average), vote_average),
  vote_count = coalesce(sqlc.narg(vote_count), vote_count),
  popularity = coalesce(sqlc.narg(popularity), popularity),
  budget = coalesce(sqlc.narg(budget), budget),
  revenue = coalesce(sqlc.narg(revenue), revenue),
  radarr_id = coalesce(sqlc.narg(radarr_id), radarr_id),
  metadata_updated_at = coalesce(sqlc.narg(metadata_updated_at), metadata_updated_at)
where id = @id
  and deleted_at is null
returning *;

-- name: DeleteMovie :exec
-- Deletes a movie softly, now. Its files, credits, genres, memberships and watch rows stay.
-- @since 202
update movie.movies
set deleted_at = now()
where id = @id;

-- name: ListMovies :many
-- A page of movies sorted by order_by: title (A to Z), year, added or rating (each from the top).
-- Any other value, and null, means latest addition first; that also decides among equals.
-- @since 202
-- @params limit, offset, order_by
-- @loggable order_by
select *
from movie.movies
where deleted_at is null
order by
  case when sqlc.narg(order_by)::text = 'title' then title end asc,
  case when sqlc.narg(order_by) = 'year' then year end desc,
  case when sqlc.narg(order_by) = 'added' then library_added_at end desc,
  case when sqlc.narg(order_by) = 'rating' then vote_average end desc,
  library_added_at desc,
  id
limit @limit
offset @offset;

-- name: CountMovies :one
-- How many movies there are.
-- @since 202
select count(*)
from movie.movies
where deleted_at is null;

-- name: SearchMoviesByTitle :many
-- A page of the movies whose title or original title resembles the query, best match first.
-- How close is close enough is the trigram similarity threshold of the session.
-- @since 202
select *
from movie.movies
where deleted_at is null
  and (title operator(public.%) @query or original_title operator(public.%) @query)
order by
  public.similarity(title, @query) desc,
  public.similarity(original_title, @query) desc,
  id
limit @limit
offset @offset;

-- name: SearchMoviesByTitleAnyLanguage :many
-- A page of the movies with the query, as plain text and ignoring case, inside the title, the
-- original title or a translated title. Whole-title matches come first, then titles that start
-- with the query, and the better rated one of two equals.
-- @since 202
select *
from movie.movies
where deleted_at is null
  and exists (
  select 1
  from (
    values (title), (original_title)
    union all
    select translated.value
    from jsonb_each_text(
      case when jsonb_typeof(titles_i18n) = 'object' then titles_i18n end
    ) as translated
  ) as searched (name)
  where name ilike '%' || replace(replace(replace(
    @query, '!', '!!'), '%', '!%'), '_', '!_') || '%' escape '!'
)
order by
  case
    when lower(title) = lower(@query) then 1
    when lower(original_title) = lower(@query) then 2
    when starts_with(lower(title), lower(@query)) then 3
    else 4
  end,
  vote_average desc nulls last,
  id
limit @limit
offset @offset;

-- name: ListMoviesByYear :many
-- A page of the movies of one year, best rated first and unrated ones last.
-- @since 202
select *
from movie.movies
where deleted_at is null
  and year = @year
order by vote_average desc nulls last, title, id
limit @limit
offset @offset;

-- name: ListRecentlyAdded :many
-- A page of movies, latest addition first.
-- @since 202
select *
from movie.movies
where deleted_at is null
order by library_added_at desc, id
limit @limit
offset @offset;

-- name: ListTopRated :many
-- A page of the rated movies with more than the given number of votes, best rated first.
-- @since 202
select *
from movie.movies
where deleted_at is null
  and vote_average is not null
  and vote_count > @min_vote_count
order by vote_average desc, vote_count desc, id
limit @limit
offset @offset;

-- name: CountTopRated :one
-- How many movies ListTopRated would page over for the same threshold.
-- @since 202
select count(*)
from movie.movies
where deleted_at is null
  and vote_average is not null
  and vote_count > @min_vote_count;

-- name: CreateMovieFile :one
-- Adds a file of a movie. What a scan finds out later (duration, dynamic range and the like)
-- starts out null, and a path already stored is an error. A deleted file of that path makes way.
-- @since 202
-- @params movie_id, file_path, file_size, file_name, resolution, quality_profile, video_codec, audio_codec, container, bitrate_kbps, audio_languages, subtitle_languages, radarr_file_id
with replaced as (
  delete from movie.movie_files
  where file_path = @file_path
    and deleted_at is not null
  returning id
)
insert into movie.movie_files (
  movie_id, file_path, file_size, file_name, resolution, quality_profile, video_codec, audio_codec,
  container, bitrate_kbps, audio_languages, subtitle_languages, radarr_file_id, deleted_at
) values (
  @movie_id, @file_path, @file_size, @file_name, sqlc.narg(resolution),
  sqlc.narg(quality_profile), sqlc.narg(video_codec), sqlc.narg(audio_codec),
  sqlc.narg(container), sqlc.narg(bitrate_kbps), sqlc.narg(audio_languages),
  sqlc.narg(subtitle_languages), sqlc.narg(radarr_file_id),
  -- Null, for which the deleted file has to be gone first.
  (select min(null::timestamptz) from replaced)
)
returning *;

-- name: GetMovieFile :one
-- The movie file with this id.
-- @since 202
select *
from movie.movie_files
where id = @id
  and deleted_at is null;

-- name: ListMovieFilesByMovieID :many
-- All files of a movie, newest first.
-- @since 202
select *
from movie.movie_files
where deleted_at is null
  and movie_id = @movie_id
order by created_at desc, id
limit 10000;

-- name: GetMovieFileByPath :one
-- The movie file stored under exactly this path.
-- @since 202
select *
from movie.movie_files
where file_path = @file_path
  and deleted_at is null;

-- name: GetMovieFileByRadarrID :one
-- The movie file with this Radarr file id. Nothing keeps these ids unique: of several files the
-- one stored first is returned.
-- @since 202
select *
from movie.movie_files
where radarr_file_id = @radarr_file_id
  and deleted_at is null
order by created_at, id
limit 1;

-- name: UpdateMovieFile :one
-- Changes a movie file; a null parameter keeps the stored value. The file name is not among the
-- columns, so a move across directories fits and a rename does not.
-- @since 202
update movie.movie_files
set
  file_path = coalesce(sqlc.narg(file_path), file_path),
  file_size = coalesce(sqlc.narg(file_size), file_size),
  resolution = coalesce(sqlc.narg(resolution), resolution),
  quality_profile = coalesce(sqlc.narg(quality_profile), quality_profile),
  video_codec = coalesce(sqlc.narg(video_codec), video_codec),
  audio_codec = coalesce(sqlc.narg(audio_codec), audio_codec),
  container = coalesce(sqlc.narg(container), container),
  bitrate_kbps = coalesce(sqlc.narg(bitrate_kbps), bitrate_kbps),
  audio_languages = coalesce(sqlc.narg(audio_languages), audio_languages),
  subtitle_languages = coalesce(sqlc.narg(subtitle_languages), subtitle_languages),
  radarr_file_id = coalesce(sqlc.narg(radarr_file_id), radarr_file_id)
where id = @id
  and deleted_at is null
returning *;

-- name: DeleteMovieFile :exec
-- Deletes a movie file softly, now; the file on disk is not touched.
-- @since 202
update movie.movie_files
set deleted_at = now()
where id = @id;

-- name: CreateMovieCredit :one
-- Adds a cast or crew credit. Cast needs a character, crew needs a job and a department, and the
-- same person may appear once per character or job. The same credit that was deleted makes way.
-- @since 202
-- @loggable credit_type
-- @params movie_id, tmdb_person_id, name, credit_type, character, job, department, cast_order, profile_path
with replaced as (
  delete from movie.movie_credits
  where movie_id = @movie_id
    and tmdb_person_id = @tmdb_person_id
    and credit_type = @credit_type
    and coalesce(character, '') = coalesce(sqlc.narg(character), '')
    and coalesce(job, '') = coalesce(sqlc.narg(job), '')
    and deleted_at is not null
  returning id
)
insert into movie.movie_credits (
  movie_id, tmdb_person_id, name, credit_type, character, job, department, cast_order, profile_path,
  deleted_at
) values (
  @movie_id, @tmdb_person_id, @name, @credit_type, sqlc.narg(character), sqlc.narg(job),
  sqlc.narg(department), sqlc.narg(cast_order), sqlc.narg(profile_path),
  -- Null, for which the deleted credit has to be gone first.
  (select min(null::timestamptz) from replaced)
)
returning *;

-- name: ListMovieCast :many
-- A page of the cast of a movie in billing order; credits without a place come last.
-- @since 202
select *
from movie.movie_credits
where deleted_at is null
  and movie_id = @movie_id
  and credit_type = 'cast'
order by cast_order asc nulls last, id
limit @limit
offset @offset;

-- name: CountMovieCast :one
-- How many cast credits a movie has.
-- @since 202
select count(*)
from movie.movie_credits
where deleted_at is null
  and movie_id = @movie_id
  and credit_type = 'cast';

-- name: ListMovieCrew :many
-- A page of the crew of a movie: directing, writing and production first, then the rest, each
-- by name.
-- @since 202
select *
from movie.movie_credits
where deleted_at is null
  and movie_id = @movie_id
  and credit_type = 'crew'
order by
  case department
    when 'Directing' then 1
    when 'Writing' then 2
    when 'Production' then 3
    else 4
  end,
  name,
  id
limit @limit
offset @offset;

-- name: CountMovieCrew :one
-- How many crew credits a movie has.
-- @since 202
select count(*)
from movie.movie_credits
where deleted_at is null
  and movie_id = @movie_id
  and credit_type = 'crew';

-- name: DeleteMovieCredits :exec
-- Deletes the whole cast and crew of a movie softly, now.
-- @since 202
update movie.movie_credits
set deleted_at = now()
where movie_id = @movie_id;

-- name: CreateMovieCollection :one
-- Adds an empty collection.
-- @since 202
insert into movie.movie_collections (
  tmdb_collection_id, name, overview, poster_path, backdrop_path
) values (
  sqlc.narg(tmdb_collection_id), @name, sqlc.narg(overview), sqlc.narg(poster_path),
  sqlc.narg(backdrop_path)
)
returning *;

-- name: GetMovieCollection :one
-- The collection with this id.
-- @since 202
select *
from movie.movie_collections
where id = @id
  and deleted_at is null;

-- name: GetMovieCollectionByTMDbID :one
-- The collection with this TMDb id.
-- @since 202
select *
from movie.movie_collections
where tmdb_collection_id = @tmdb_collection_id
  and deleted_at is null;

-- name: UpdateMovieCollection :one
-- Changes a collection; a null parameter keeps the stored value.
-- @since 202
update movie.movie_collections
set
  tmdb_collection_id = coalesce(sqlc.narg(tmdb_collection_id), tmdb_collection_id),
  name = coalesce(sqlc.narg(name), name),
  overview = coalesce(sqlc.narg(overview), overview),
  poster_path = coalesce(sqlc.narg(poster_path), poster_path),
  backdrop_path = coalesce(sqlc.narg(backdrop_path), backdrop_path)
where id = @id
  and deleted_at is null
returning *;

-- name: AddMovieToCollection :exec
-- Puts a movie into a collection. For a member it only moves the place, and a null place clears it.
-- @since 202
insert into movie.movie_collection_members (
  collection_id, movie_id, collection_order
) values (
  @collection_id, @movie_id, sqlc.narg(collection_order)
)
on conflict (collection_id, movie_id) do update
set collection_order = excluded.collection_order;

-- name: RemoveMovieFromCollection :exec
-- Takes a movie out of a collection; both stay.
-- @since 202
delete from movie.movie_collection_members
where collection_id = @collection_id
  and movie_id = @movie_id;

-- name: ListMoviesByCollection :many
-- All movies of a collection in their order; those without a place come last, oldest first.
-- @since 202
select movies.*
from movie.movies
join movie.movie_collection_members as members on members.movie_id = movies.id
where movies.deleted_at is null
  and members.collection_id = @collection_id
order by members.collection_order asc nulls last, movies.year, movies.id
limit 10000;

-- name: GetCollectionForMovie :one
-- The collection a movie belongs to; of several the one it joined first.
-- @since 202
select collections.*
from movie.movie_collections as collections
join movie.movie_collection_members as members on members.collection_id = collections.id
where collections.deleted_at is null
  and members.movie_id = @movie_id
order by members.created_at, members.id
limit 1;

-- name: AddMovieGenre :exec
-- Gives a movie a genre; a genre it already has keeps its stored name.
-- @since 203
insert into movie.movie_genres (
  movie_id, slug, name
) values (
  @movie_id, @slug, @name
)
on conflict (movie_id, slug) do nothing;

-- name: ListMovieGenres :many
-- The genres of a movie by name.
-- @since 202
select *
from movie.movie_genres
where movie_id = @movie_id
order by name, id
limit 10000;

-- name: ListDistinctMovieGenres :many
-- Every genre in use with the number of movies that carry it, by name.
-- @since 203
select
  slug,
  name,
  count(distinct movie_id) as item_count
from movie.movie_genres
group by slug, name
order by name, slug
limit 10000;

-- name: DeleteMovieGenres :exec
-- Removes all genres of a movie, so that fresh ones can be written.
-- @since 202
delete from movie.movie_genres
where movie_id = @movie_id;

-- name: ListMoviesByGenre :many
-- A page of the movies that carry a genre, best rated first and unrated ones last.
-- @since 203
select movies.*
from movie.movies
join movie.movie_genres as genres on genres.movie_id = movies.id
where movies.deleted_at is null
  and genres.slug = @slug
order by movies.vote_average desc nulls last, movies.title, movies.id
limit @limit
offset @offset;

-- name: CreateOrUpdateWatchProgress :one
-- Records how far a user is into a movie. watch_count counts completed viewings: it grows only
-- when a write turns the movie from not completed to completed.
-- @since 202
insert into movie.movie_watched as stored (
  user_id, movie_id, progress_seconds, duration_seconds, is_completed, watch_count, last_watched_at
) values (
  @user_id, @movie_id, @progress_seconds, sqlc.narg(duration_seconds), sqlc.narg(is_completed),
  case when sqlc.narg(is_completed) then 1 else 0 end, now()
)
on conflict (user_id, movie_id) do update
set
  progress_seconds = excluded.progress_seconds,
  duration_seconds = excluded.duration_seconds,
  is_completed = excluded.is_completed,
  watch_count = case
    when excluded.is_completed and stored.is_completed is not true
      then coalesce(stored.watch_count, 0) + 1
    else stored.watch_count
  end,
  last_watched_at = now()
returning *;

-- name: GetWatchProgress :one
-- How far a user is into a movie.
-- @since 202
select *
from movie.movie_watched
where user_id = @user_id
  and movie_id = @movie_id;

-- name: DeleteWatchProgress :exec
-- Forgets that a user ever watched a movie, viewing count included.
-- @since 202
delete from movie.movie_watched
where user_id = @user_id
  and movie_id = @movie_id;

-- name: ListContinueWatching :many
-- The movies a user is more than five percent into and has not completed, latest watched first.
-- @since 202
select
  movies.*,
  watched.progress_seconds,
  watched.duration_seconds,
  watched.progress_percent,
  watched.last_watched_at
from movie.movies
join movie.movie_watched as watched on watched.movie_id = movies.id
where movies.deleted_at is null
  and watched.user_id = @user_id
  and watched.is_completed is not true
  and watched.progress_percent > 5
order by watched.last_watched_at desc, movies.id
limit @limit;

-- name: ListWatchedMovies :many
-- A page of the movies a user has completed, latest watched first.
-- @since 202
select
  movies.*,
  watched.watch_count,
  watched.last_watched_at
from movie.movies
join movie.movie_watched as watched on watched.movie_id = movies.id
where movies.deleted_at is null
  and watched.user_id = @user_id
  and watched.is_completed = true
order by watched.last_watched_at desc, movies.id
limit @limit
offset @offset;

-- name: GetUserMovieStats :one
-- What a user has watched: movies completed, movies more than five percent in, and viewings
-- altogether. Every user gets a row, with zeros when there is nothing.
-- @since 202
select
  count(*) filter (where is_completed = true) as watched_count,
  count(*) filter (
    where is_completed is not true and progress_percent > 5
  ) as in_progress_count,
  coalesce(sum(watch_count), 0) as total_watches
from movie.movie_watched
where user_id = @user_id;

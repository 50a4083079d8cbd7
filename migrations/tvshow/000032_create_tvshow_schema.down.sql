-- Drop the tvshow triggers, their function, the ten tables and then the schema tvshow itself.
drop trigger if exists update_episode_credits_updated_at on tvshow.episode_credits;
drop trigger if exists update_series_credits_updated_at on tvshow.series_credits;
drop trigger if exists update_episode_watched_updated_at on tvshow.episode_watched;
drop trigger if exists update_episode_files_updated_at on tvshow.episode_files;
drop trigger if exists update_episodes_updated_at on tvshow.episodes;
drop trigger if exists update_seasons_updated_at on tvshow.seasons;
drop trigger if exists update_series_updated_at on tvshow.series;

drop function if exists tvshow.update_updated_at_column();

drop table if exists tvshow.series_networks;
drop table if exists tvshow.networks;
drop table if exists tvshow.episode_credits;
drop table if exists tvshow.series_credits;
drop table if exists tvshow.series_genres;
drop table if exists tvshow.episode_watched;
drop table if exists tvshow.episode_files;
drop table if exists tvshow.episodes;
drop table if exists tvshow.seasons;
drop table if exists tvshow.series;

-- Without cascade: what somebody else put into the schema stops the rollback instead of vanishing.
drop schema if exists tvshow;

-- Let tvshow.networks have networks that TMDb does not know.
alter table tvshow.networks
    alter column tmdb_id drop not null;

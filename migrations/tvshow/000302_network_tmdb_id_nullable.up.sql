-- Let tvshow.networks have networks that TMDb does not know.
-- quartermaster: formerly 41
alter table tvshow.networks
    alter column tmdb_id drop not null;

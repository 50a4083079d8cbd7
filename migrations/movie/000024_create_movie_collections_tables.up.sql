-- Create public.movie_collections and, in public.movie_collection_members, which movies belong to them.
create table if not exists public.movie_collections (
    id                 uuid        not null default gen_random_uuid(),
    tmdb_collection_id integer,
    name               text        not null,
    overview           text,
    poster_path        text,
    backdrop_path      text,
    created_at         timestamptz not null default now(),
    updated_at         timestamptz not null default now(),

    constraint movie_collections_pkey primary key (id),
    constraint movie_collections_tmdb_collection_id_key unique (tmdb_collection_id)
);

create index idx_collections_tmdb_id on public.movie_collections (tmdb_collection_id)
    where tmdb_collection_id is not null;
create index idx_collections_name_trgm on public.movie_collections using gin (name public.gin_trgm_ops);

create trigger update_movie_collections_updated_at
    before update on public.movie_collections
    for each row execute function shared.update_updated_at_column();

create table if not exists public.movie_collection_members (
    id               uuid        not null default gen_random_uuid(),
    collection_id    uuid        not null,
    movie_id         uuid        not null,
    collection_order integer,
    created_at       timestamptz not null default now(),

    constraint movie_collection_members_pkey primary key (id),
    constraint uq_collection_movie unique (collection_id, movie_id),
    constraint movie_collection_members_collection_id_fkey
        foreign key (collection_id) references public.movie_collections (id) on delete cascade,
    constraint movie_collection_members_movie_id_fkey
        foreign key (movie_id) references public.movies (id) on delete cascade
);

create index idx_collection_members_collection on public.movie_collection_members (collection_id);
create index idx_collection_members_movie on public.movie_collection_members (movie_id);
create index idx_collection_members_order on public.movie_collection_members (collection_id, collection_order)
    where collection_order is not null;

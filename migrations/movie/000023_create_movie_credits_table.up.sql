-- Create public.movie_credits: the cast and crew of each movie.
create table if not exists public.movie_credits (
    id             uuid        not null default gen_random_uuid(),
    movie_id       uuid        not null,
    tmdb_person_id integer     not null,
    name           text        not null,
    profile_path   text,
    credit_type    text        not null,
    character      text,
    cast_order     integer,
    job            text,
    department     text,
    created_at     timestamptz not null default now(),
    updated_at     timestamptz not null default now(),

    constraint movie_credits_pkey primary key (id),
    constraint movie_credits_movie_id_fkey
        foreign key (movie_id) references public.movies (id) on delete cascade,
    constraint chk_credit_type check (credit_type in ('cast', 'crew')),
    constraint chk_cast_fields check (
        (credit_type = 'cast' and character is not null)
        or (credit_type = 'crew' and job is not null and department is not null)
    )
);

create index idx_movie_credits_movie_id on public.movie_credits (movie_id);
create index idx_movie_credits_person_id on public.movie_credits (tmdb_person_id);
create index idx_movie_credits_type on public.movie_credits (credit_type);
create index idx_movie_credits_cast_order on public.movie_credits (movie_id, cast_order)
    where credit_type = 'cast' and cast_order is not null;
create index idx_movie_credits_job on public.movie_credits (job)
    where credit_type = 'crew' and job is not null;

-- One person may play two parts or hold two jobs, but not the same one twice. NULLs would all
-- differ from one another here, so they count as the empty text.
create unique index idx_movie_credits_unique on public.movie_credits
    (movie_id, tmdb_person_id, credit_type, coalesce(character, ''), coalesce(job, ''));

create trigger update_movie_credits_updated_at
    before update on public.movie_credits
    for each row execute function shared.update_updated_at_column();

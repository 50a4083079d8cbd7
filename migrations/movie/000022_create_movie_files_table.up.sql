-- Create public.movie_files: the files a movie is stored in, with their technical properties.
create table if not exists public.movie_files (
    id                 uuid        not null default gen_random_uuid(),
    movie_id           uuid        not null,
    file_path          text        not null,
    file_size          bigint      not null,
    file_name          text        not null,
    resolution         text,
    quality_profile    text,
    video_codec        text,
    audio_codec        text,
    container          text,
    duration_seconds   integer,
    bitrate_kbps       integer,
    framerate          numeric(5, 2),
    dynamic_range      text,
    color_space        text,
    audio_channels     text,
    audio_languages    text[],
    subtitle_languages text[],
    radarr_file_id     integer,
    last_scanned_at    timestamptz,
    is_monitored       boolean     default true,
    created_at         timestamptz not null default now(),
    updated_at         timestamptz not null default now(),

    constraint movie_files_pkey primary key (id),
    constraint movie_files_file_path_key unique (file_path),
    constraint movie_files_movie_id_fkey
        foreign key (movie_id) references public.movies (id) on delete cascade
);

create index idx_movie_files_movie_id on public.movie_files (movie_id);
create index idx_movie_files_resolution on public.movie_files (resolution) where resolution is not null;
create index idx_movie_files_quality on public.movie_files (quality_profile) where quality_profile is not null;
create index idx_movie_files_radarr_id on public.movie_files (radarr_file_id) where radarr_file_id is not null;
create index idx_movie_files_last_scanned on public.movie_files (last_scanned_at desc);

create trigger update_movie_files_updated_at
    before update on public.movie_files
    for each row execute function shared.update_updated_at_column();

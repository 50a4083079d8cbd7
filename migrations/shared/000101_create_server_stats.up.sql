-- Create shared.server_stats: numbers about the server that are computed ahead of the questions.
-- quartermaster: formerly 37
create table if not exists shared.server_stats (
    stat_key    text        not null,
    stat_value  bigint      not null default 0,
    computed_at timestamptz not null default now(),

    constraint server_stats_pkey primary key (stat_key)
);

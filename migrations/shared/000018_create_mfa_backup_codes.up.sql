-- Create public.mfa_backup_codes: hashed recovery codes, each good for one login.
create table if not exists public.mfa_backup_codes (
    id           uuid        not null default gen_random_uuid(),
    user_id      uuid        not null,
    code_hash    text        not null,
    used_at      timestamptz,
    used_from_ip inet,
    created_at   timestamptz not null default now(),

    constraint mfa_backup_codes_pkey primary key (id),
    constraint mfa_backup_codes_user_id_fkey
        foreign key (user_id) references shared.users (id) on delete cascade,
    constraint code_hash_not_empty check (length(code_hash) > 0)
);

create index idx_backup_codes_user on public.mfa_backup_codes (user_id);
create index idx_backup_codes_unused on public.mfa_backup_codes (user_id) where used_at is null;
create index idx_backup_codes_created on public.mfa_backup_codes (created_at desc);

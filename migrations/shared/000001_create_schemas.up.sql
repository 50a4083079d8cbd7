-- Create the schemas shared and qar, the two extensions and the trigger function that keeps updated_at.
create schema if not exists shared;
create schema if not exists qar;

-- An extension that is there already stays where it is. Later versions name public.gin_trgm_ops,
-- so a pg_trgm that was installed elsewhere has to be moved first: alter extension ... set schema.
create extension if not exists pgcrypto with schema public;
create extension if not exists pg_trgm with schema public;

create function shared.update_updated_at_column() returns trigger
language plpgsql
as $$
begin
    new.updated_at := now();
    return new;
end;
$$;

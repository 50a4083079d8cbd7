-- Make schema qar ready: closed to everybody but its owner, with a trigger function of its own.
create schema if not exists qar;

-- A role that uses the other plugins' schemas has no business here; who has is granted it by name.
revoke all on schema qar from public;

create function qar.set_updated_at() returns trigger
language plpgsql
as $$
begin
    new.updated_at := now();
    return new;
end;
$$;

revoke all on function qar.set_updated_at() from public;

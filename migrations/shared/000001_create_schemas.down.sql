-- Drop the trigger function, the schemas qar and shared, and the two extensions; schema public stays.
drop function if exists shared.update_updated_at_column() cascade;

drop schema if exists qar cascade;
drop schema if exists shared cascade;

-- Without cascade: an object of somebody else that uses an extension stops the rollback here
-- instead of vanishing with it.
drop extension if exists pg_trgm;
drop extension if exists pgcrypto;

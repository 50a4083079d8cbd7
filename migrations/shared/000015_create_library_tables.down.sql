-- Drop the library tables, then the trigger function that only they use.
drop table if exists public.library_permissions;
drop table if exists public.library_scans;
drop table if exists public.libraries;

drop function if exists public.update_libraries_updated_at();

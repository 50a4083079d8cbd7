-- Drop the OpenID Connect tables, then the trigger function that only they use.
drop table if exists shared.oidc_states;
drop table if exists shared.oidc_user_links;
drop table if exists shared.oidc_providers;

drop function if exists shared.update_oidc_updated_at();

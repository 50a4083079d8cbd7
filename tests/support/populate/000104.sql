-- The new columns filled, where the version has any.
update shared.auth_tokens as token
set session_id = (select id from shared.sessions as session where session.user_id = token.user_id order by id limit 1);

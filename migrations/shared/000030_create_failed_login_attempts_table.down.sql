-- Drop shared.failed_login_attempts with its key and indexes.
drop table if exists shared.failed_login_attempts;

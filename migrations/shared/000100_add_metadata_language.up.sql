-- Add to shared.user_preferences the language in which a user wants titles and overviews.
-- quartermaster: formerly 33
alter table shared.user_preferences
    add column metadata_language varchar(10) default 'en';

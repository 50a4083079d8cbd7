-- The rows the migrations themselves put into a fresh database, one a line, fields separated by "|".
--     server_settings|key|value|category|data_type|is_public|is_secret
--     casbin_rule|ptype|v0|v1|v2|v3|v4|v5
-- NULL is the empty text (no seed field is empty). Free texts, times and numbers from the sequence
-- are left out. Compare with data/seed_032.txt on a database that nothing else has filled.
select line
from (
    select format(
        'server_settings|%s|%s|%s|%s|%s|%s',
        key, value, category, data_type, is_public::text, is_secret::text
    )
    from shared.server_settings

    union all
    select format('casbin_rule|%s|%s|%s|%s|%s|%s|%s', ptype, v0, v1, v2, v3, v4, v5)
    from shared.casbin_rule
) as seed (line)
order by line collate "C";

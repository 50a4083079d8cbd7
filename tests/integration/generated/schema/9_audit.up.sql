CREATE SCHEMA audit;
CREATE TABLE audit.authors (id bigint NOT NULL, happened timestamptz NOT NULL DEFAULT now());
ALTER TABLE audit.authors OWNER TO librarian;

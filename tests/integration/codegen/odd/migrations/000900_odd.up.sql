create schema odd;
create type odd."Mood" as enum ('so ??/ so', '"', '\');
create table odd."class" (
  "class" text not null, "class_" text, "read" integer not null, "2nd" uuid, "Date" date,
  "std" text[], "Class" numeric, "row_" boolean, "größe" "odd"."Mood" not null, "??=" jsonb
);
create table odd.hosts (id integer not null, "operator" inet);

-- Deleted people, out of reach of every query of the directory, until they are brought back or the time for that is over.
create table deleted_identities (
  realm_id uuid not null references realms (id),
  id uuid not null,
  username text not null,
  display_name text not null,
  external_id text,
  -- Names and addresses in the form in which they are looked for.
  searched text not null,
  -- What the identity could administer; whoever makes it lose the way back must hold as much.
  management_scopes text[] not null,
  deleted_at timestamptz not null,
  deleted_by_name text not null,
  purge_at timestamptz not null,
  -- The row and all rows that hung on it, as they were.
  snapshot jsonb not null,
  primary key (realm_id, id)
);

create index deleted_identities_deleted_at on deleted_identities (realm_id, deleted_at, id);
create index deleted_identities_purge_at on deleted_identities (purge_at);
create index deleted_identities_search on deleted_identities using gin (searched gin_trgm_ops);

-- Puts a row back from its JSON form. A column that came later takes its default, one that is gone is left out.
create function restore_row(target regclass, kept jsonb, unless_taken boolean) returns boolean
language plpgsql as $$
declare
  columns text;
  restored bigint;
begin
  select string_agg(format('%I', a.attname), ', ' order by a.attnum) into columns
    from pg_attribute a
    where a.attrelid = target and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
      and kept ? a.attname;
  execute format('insert into %s (%s) select %s from jsonb_populate_record(null::%s, $1) %s',
    target, columns, columns, target, case when unless_taken then 'on conflict do nothing' else '' end) using kept;
  get diagnostics restored = row_count;
  return restored > 0;
end $$;

-- Custom attributes of a realm's identities, as a JSON Schema; kept as text, so that properties stay in their order.
create table attribute_schemas (
  realm_id uuid primary key references realms (id),
  version integer not null default 1,
  schema json not null default '{"type":"object","properties":{},"additionalProperties":false}',
  updated_at timestamptz not null default now(),
  updated_by_name text not null default 'Keyrealm'
);
insert into attribute_schemas (realm_id) select id from realms;

-- Every realm has one from the beginning, so that there is always a row to compare versions with.
create function declare_no_attributes() returns trigger language plpgsql as $$
begin
  insert into attribute_schemas (realm_id) values (new.id);
  return null;
end $$;
create trigger realms_attribute_schema after insert on realms
  for each row execute function declare_no_attributes();

-- Whoever writes attributes shares a lock that a change of the schema takes alone: nobody is checked against a schema
-- that is not the current one by the time of the commit. The row is read after the lock is held.
create function attribute_schema_for_writing(realm uuid) returns setof attribute_schemas language plpgsql as $$
begin
  perform pg_advisory_xact_lock_shared(hashtextextended('attribute schema ' || realm::text, 0));
  return query select * from attribute_schemas a where a.realm_id = realm;
end $$;
create function attribute_schema_for_changing(realm uuid) returns setof attribute_schemas language plpgsql as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('attribute schema ' || realm::text, 0));
  return query select * from attribute_schemas a where a.realm_id = realm;
end $$;

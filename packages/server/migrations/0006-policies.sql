create table policy_versions (
  realm_id uuid not null references realms (id),
  version integer not null,
  document jsonb not null,
  note text,
  created_by_name text not null,
  created_at timestamptz not null default now(),
  primary key (realm_id, version)
);

create table policies (
  realm_id uuid primary key references realms (id),
  active_version integer not null,
  foreign key (realm_id, active_version) references policy_versions (realm_id, version)
);

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is immutable', tg_table_name using errcode = 'KR002';
end $$;

create trigger policy_versions_immutable before update or delete on policy_versions
  for each row execute function refuse_change();

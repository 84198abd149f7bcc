-- Who speaks SCIM to a realm: an application, or one of its API tokens by name, so that rotating the token changes nothing.
-- The application lives in the Admin Realm, and its client outlives it: what it provisioned stays its own.
create table provisioning_clients (
  realm_id uuid not null references realms (id),
  id uuid not null,
  application_id uuid not null,
  token_name text not null,
  display_name text not null,
  last_seen_at timestamptz not null,
  adopts_unowned boolean not null default false,
  dry_run boolean not null default false,
  -- The brake: how much access a client may take away in a window before it has to be told to go on; null is off.
  max_count integer default 1000 check (max_count between 0 and 1000000),
  max_percent integer default 50 check (max_percent between 1 and 100),
  window_minutes integer default 60 check (window_minutes between 1 and 1440),
  paused_at timestamptz,
  paused_reason text,
  rejected_at timestamptz,
  released_until timestamptz,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (realm_id, id),
  constraint provisioning_clients_realm_key unique (realm_id, application_id, token_name),
  check ((paused_at is null) = (paused_reason is null)),
  check (rejected_at is null or paused_at is not null)
);

-- One row for each identity that a client deactivated or deleted; counted by the time that the id begins with.
create table provisioning_deprovisions (
  realm_id uuid not null,
  client_id uuid not null,
  id uuid not null,
  primary key (realm_id, client_id, id),
  foreign key (realm_id, client_id) references provisioning_clients (realm_id, id) on delete cascade
);
create index provisioning_deprovisions_age on provisioning_deprovisions (id);

-- What was asked over SCIM and what came of it, without a single value: no bodies, no literals of filters.
create table provisioning_requests (
  realm_id uuid not null references realms (id),
  id uuid not null,
  -- Null where nobody was recognised.
  client_id uuid,
  occurred_at timestamptz not null,
  request_id text not null,
  method text not null,
  path text not null,
  status smallint not null,
  scim_type text,
  detail text,
  duration_ms real not null,
  -- In words, by the names of attributes; null where nothing was changed.
  effect text,
  dry_run boolean not null,
  resource_kind text,
  resource_id uuid,
  primary key (realm_id, id),
  foreign key (realm_id, client_id) references provisioning_clients (realm_id, id) on delete cascade
);
create index provisioning_requests_client on provisioning_requests (realm_id, client_id, id);
create index provisioning_requests_failed on provisioning_requests (realm_id, id) where status >= 400;
create index provisioning_requests_effect on provisioning_requests (realm_id, id) where effect is not null;
create index provisioning_requests_age on provisioning_requests (id);

-- What belongs to a client. No foreign key: each new identity would lock the one row of its client.
create index identities_provisioned_by on identities (realm_id, provisioned_by, status)
  where provisioned_by is not null;
create index groups_provisioned_by on groups (realm_id, provisioned_by) where provisioned_by is not null;

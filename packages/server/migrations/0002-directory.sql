create table identities (
  realm_id uuid not null references realms (id),
  id uuid not null,
  username text not null,
  -- The username as it is compared: NFKC, lower case. One form, made by the application.
  username_key text not null,
  display_name text not null,
  given_name text,
  family_name text,
  formatted_name text,
  -- The primary address; emails holds every address as the provisioning client sent it.
  email text,
  emails jsonb not null default '[]',
  external_id text,
  status text not null default 'ACTIVE' check (status in ('ACTIVE', 'SUSPENDED')),
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (realm_id, id)
);

create unique index identities_realm_username_key on identities (realm_id, username_key);
create index identities_realm_external_id on identities (realm_id, external_id) where external_id is not null;
create index identities_realm_email on identities (realm_id, lower(email)) where email is not null;
create index identities_search on identities
  using gin ((username_key || ' ' || lower(display_name) || ' ' || lower(coalesce(email, '')) || ' ' || lower(coalesce(external_id, ''))) gin_trgm_ops);

create table groups (
  realm_id uuid not null references realms (id),
  id uuid not null,
  display_name text not null,
  display_name_key text not null,
  description text,
  -- What Keyrealm itself refers to; null for a group made by people.
  managed text,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (realm_id, id)
);

create unique index groups_realm_display_name_key on groups (realm_id, display_name_key);

create table group_members (
  realm_id uuid not null,
  group_id uuid not null,
  identity_id uuid not null,
  added_at timestamptz not null default now(),
  primary key (realm_id, group_id, identity_id),
  foreign key (realm_id, group_id) references groups (realm_id, id) on delete cascade,
  foreign key (realm_id, identity_id) references identities (realm_id, id) on delete cascade
);

create index group_members_identity on group_members (realm_id, identity_id, group_id);

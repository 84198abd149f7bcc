create extension if not exists pg_trgm;

create table tenants (
  id uuid primary key,
  display_name text not null check (display_name <> ''),
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table realms (
  id uuid primary key,
  tenant_id uuid not null references tenants (id),
  kind text not null check (kind in ('ADMIN', 'ORDINARY')),
  display_name text not null check (display_name <> ''),
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  check (kind = 'ORDINARY' or deleted_at is null)
);

create unique index realms_one_admin_realm on realms (tenant_id) where kind = 'ADMIN';
create unique index realms_tenant_id_id on realms (tenant_id, id);

create table themes (
  realm_id uuid primary key references realms (id),
  display_name text not null,
  support_email text,
  primary_color text not null default '#2f5bea' check (primary_color ~ '^#[0-9a-f]{6}$'),
  version integer not null default 1
);

-- Private halves are wrapped with KEYREALM_SECRET before they reach the database.
create table signing_keys (
  realm_id uuid not null references realms (id),
  id uuid not null,
  status text not null check (status in ('NEXT', 'CURRENT', 'PREVIOUS', 'RETIRED')),
  algorithm text not null,
  public_jwk jsonb not null,
  wrapped_private_jwk bytea not null,
  created_at timestamptz not null default now(),
  primary key (realm_id, id)
);

create unique index signing_keys_one_current on signing_keys (realm_id) where status = 'CURRENT';

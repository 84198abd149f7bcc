create table resource_servers (
  realm_id uuid not null references realms (id),
  id uuid not null,
  display_name text not null,
  -- Becomes aud in access tokens.
  identifier text not null,
  managed text,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (realm_id, id)
);
create unique index resource_servers_realm_identifier_key on resource_servers (realm_id, identifier);

create table resource_server_scopes (
  realm_id uuid not null,
  resource_server_id uuid not null,
  name text not null,
  description text not null default '',
  primary key (realm_id, resource_server_id, name),
  foreign key (realm_id, resource_server_id) references resource_servers (realm_id, id) on delete cascade
);

create table roles (
  realm_id uuid not null,
  id uuid not null,
  resource_server_id uuid not null,
  display_name text not null,
  description text,
  managed text,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (realm_id, id),
  unique (realm_id, resource_server_id, id),
  foreign key (realm_id, resource_server_id) references resource_servers (realm_id, id) on delete cascade
);
create unique index roles_display_name_key on roles (realm_id, resource_server_id, lower(display_name));

create table role_scopes (
  realm_id uuid not null,
  role_id uuid not null,
  resource_server_id uuid not null,
  scope text not null,
  primary key (realm_id, role_id, scope),
  foreign key (realm_id, resource_server_id, role_id) references roles (realm_id, resource_server_id, id) on delete cascade,
  foreign key (realm_id, resource_server_id, scope)
    references resource_server_scopes (realm_id, resource_server_id, name) on delete cascade
);

create table role_assignments (
  realm_id uuid not null,
  id uuid not null,
  role_id uuid not null,
  identity_id uuid,
  group_id uuid,
  -- Management API only: the realms that the assignment reaches; null is the whole tenant.
  reaches_realm_ids uuid[],
  created_at timestamptz not null default now(),
  primary key (realm_id, id),
  foreign key (realm_id, role_id) references roles (realm_id, id) on delete cascade,
  foreign key (realm_id, identity_id) references identities (realm_id, id) on delete cascade,
  foreign key (realm_id, group_id) references groups (realm_id, id) on delete cascade,
  check (num_nonnulls(identity_id, group_id) = 1)
);
create unique index role_assignments_identity on role_assignments (realm_id, identity_id, role_id) where identity_id is not null;
create unique index role_assignments_group on role_assignments (realm_id, group_id, role_id) where group_id is not null;
create index role_assignments_role on role_assignments (realm_id, role_id);

create table authenticator_configs (
  realm_id uuid not null references realms (id),
  id uuid not null,
  display_name text not null,
  kind text not null check (kind in ('HOSTED_WEB', 'EMBEDDED', 'NONE')),
  managed text,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (realm_id, id)
);

create table applications (
  realm_id uuid not null references realms (id),
  -- Also the client_id.
  id uuid not null,
  display_name text not null,
  type text not null check (type in ('PUBLIC', 'CONFIDENTIAL')),
  managed text,
  grant_types text[] not null,
  redirect_uris text[] not null default '{}',
  post_logout_redirect_uris text[] not null default '{}',
  token_endpoint_auth_method text not null,
  subject text not null default 'ID' check (subject in ('ID', 'EMAIL', 'USERNAME')),
  resource_server_id uuid,
  allowed_scopes text[] not null default '{}',
  access_token_lifetime integer not null default 900,
  refresh_token_lifetime integer not null default 1209600,
  authenticator_config_id uuid not null,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (realm_id, id),
  foreign key (realm_id, resource_server_id) references resource_servers (realm_id, id),
  foreign key (realm_id, authenticator_config_id) references authenticator_configs (realm_id, id),
  check (resource_server_id is not null or allowed_scopes = '{}')
);
create unique index applications_managed on applications (realm_id, managed) where managed is not null;

create table application_secrets (
  realm_id uuid not null,
  id uuid not null,
  application_id uuid not null,
  -- SHA-256 of a random 256-bit secret: nothing to guess, so nothing to slow down.
  secret_hash bytea not null,
  hint text not null,
  created_at timestamptz not null default now(),
  primary key (realm_id, id),
  foreign key (realm_id, application_id) references applications (realm_id, id) on delete cascade
);
create index application_secrets_application on application_secrets (realm_id, application_id);

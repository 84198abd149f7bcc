-- What the OpenID Connect engine keeps: sessions, grants, codes, refresh tokens, interactions.
-- Ids are hashed, because a token's value is its id.
create table oidc_models (
  realm_id uuid not null references realms (id),
  model text not null,
  id_hash bytea not null,
  payload jsonb not null,
  uid text,
  user_code text,
  grant_id text,
  client_id uuid,
  identity_id uuid,
  -- Our own session row, where one stands behind it.
  session_id uuid,
  correlation_id uuid not null,
  created_at timestamptz not null default now(),
  consumed_at timestamptz,
  expires_at timestamptz not null,
  primary key (realm_id, model, id_hash),
  foreign key (realm_id, identity_id) references identities (realm_id, id) on delete cascade,
  foreign key (realm_id, session_id) references sessions (realm_id, id) on delete cascade,
  foreign key (realm_id, client_id) references applications (realm_id, id) on delete cascade
);
create unique index oidc_models_uid on oidc_models (realm_id, model, uid) where uid is not null;
create index oidc_models_grant on oidc_models (realm_id, grant_id) where grant_id is not null;
create index oidc_models_identity on oidc_models (realm_id, identity_id) where identity_id is not null;
create index oidc_models_session on oidc_models (realm_id, session_id) where session_id is not null;
create index oidc_models_client on oidc_models (realm_id, client_id) where client_id is not null;
create index oidc_models_expires_at on oidc_models (expires_at);

-- Self-contained access tokens that were revoked before they expired.
create table revoked_tokens (
  realm_id uuid not null references realms (id),
  jti text not null,
  expires_at timestamptz not null,
  primary key (realm_id, jti)
);
create index revoked_tokens_expires_at on revoked_tokens (expires_at);

-- Named, long-lived access tokens for machines. The token itself is never kept.
create table api_tokens (
  realm_id uuid not null,
  id uuid not null,
  application_id uuid not null,
  name text not null,
  scopes text[] not null,
  created_by_name text not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  revoked_at timestamptz,
  primary key (realm_id, id),
  foreign key (realm_id, application_id) references applications (realm_id, id) on delete cascade
);

create table credential_binding_jobs (
  realm_id uuid not null,
  id uuid not null,
  identity_id uuid not null,
  delivery text not null check (delivery in ('RETURN', 'EMAIL')),
  status text not null check (status in
    ('LINK_SENT', 'LINK_OPENED', 'CHALLENGED', 'COMPLETED', 'EXPIRED', 'REVOKED', 'FAILED', 'FAILED_TO_SEND')),
  token_hash bytea not null,
  redirect_uri text,
  -- One id for the whole errand, so that its events tell one story.
  correlation_id uuid not null,
  created_by_name text not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  opened_at timestamptz,
  completed_at timestamptz,
  primary key (realm_id, id),
  foreign key (realm_id, identity_id) references identities (realm_id, id) on delete cascade
);

create unique index credential_binding_jobs_token on credential_binding_jobs (realm_id, token_hash);
create index credential_binding_jobs_identity on credential_binding_jobs (realm_id, identity_id, id);

create table passkeys (
  realm_id uuid not null,
  id uuid not null,
  identity_id uuid not null,
  binding_job_id uuid,
  credential_id bytea not null,
  public_key bytea not null,
  algorithm integer not null,
  sign_count bigint not null,
  status text not null default 'ACTIVE' check (status in ('ACTIVE', 'REVOKED')),
  name text not null,
  aaguid uuid not null,
  device_bound boolean not null,
  backed_up boolean not null,
  user_verified boolean not null,
  transports text[] not null default '{}',
  attestation_format text not null,
  relying_party_id text not null,
  created_at timestamptz not null default now(),
  created_ip text,
  last_used_at timestamptz,
  last_used_ip text,
  revoked_at timestamptz,
  primary key (realm_id, id),
  foreign key (realm_id, identity_id) references identities (realm_id, id) on delete cascade,
  check ((status = 'REVOKED') = (revoked_at is not null))
);

create unique index passkeys_credential_id on passkeys (realm_id, credential_id);
create index passkeys_identity on passkeys (realm_id, identity_id, id);

-- A revoked passkey stays revoked, whatever the application does.
create function passkeys_stay_revoked() returns trigger language plpgsql as $$
begin
  if old.status = 'REVOKED' and new.status <> 'REVOKED' then
    raise exception 'a revoked passkey can not be used again' using errcode = 'KR001';
  end if;
  return new;
end $$;
create trigger passkeys_stay_revoked before update on passkeys
  for each row execute function passkeys_stay_revoked();

create table challenges (
  realm_id uuid not null references realms (id),
  id uuid not null,
  purpose text not null check (purpose in ('REGISTRATION', 'AUTHENTICATION')),
  challenge bytea not null,
  -- What the ceremony belongs to: a binding job, or the interaction of an authorization.
  binding_job_id uuid,
  interaction_id text,
  expires_at timestamptz not null,
  primary key (realm_id, id),
  check ((purpose = 'REGISTRATION') = (binding_job_id is not null)),
  check ((purpose = 'AUTHENTICATION') = (interaction_id is not null))
);

create index challenges_expires_at on challenges (expires_at);

create table sessions (
  realm_id uuid not null,
  id uuid not null,
  identity_id uuid not null,
  passkey_id uuid not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  ip text,
  user_agent text,
  primary key (realm_id, id),
  foreign key (realm_id, identity_id) references identities (realm_id, id) on delete cascade,
  foreign key (realm_id, passkey_id) references passkeys (realm_id, id) on delete cascade
);

create index sessions_identity on sessions (realm_id, identity_id);
create index sessions_passkey on sessions (realm_id, passkey_id);
create index sessions_expires_at on sessions (expires_at);

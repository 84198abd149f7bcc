-- How people come back who lost their passkeys. No row is the same as one that was never changed: off.
create table recovery_settings (
  realm_id uuid primary key references realms (id),
  email_link boolean not null default false,
  waiting_minutes integer not null default 60 check (waiting_minutes between 0 and 10080),
  -- What becomes of the old passkeys; nobody chooses that by saying nothing.
  existing_passkeys text check (existing_passkeys in ('KEEP', 'REVOKE')),
  version integer not null default 1,
  updated_at timestamptz not null default now(),
  check (not email_link or existing_passkeys is not null)
);

-- What was typed into the page. Whom it means is looked up after the answer, which so can't tell.
create table recovery_asks (
  realm_id uuid not null references realms (id),
  id uuid not null,
  -- A keyed digest, for the limits.
  address_key text not null,
  -- Only until it was looked up.
  address text,
  correlation_id uuid not null,
  ip text,
  user_agent text,
  attempts integer not null default 0,
  next_attempt_at timestamptz not null default now(),
  created_at timestamptz not null default now(),
  primary key (realm_id, id)
);
create index recovery_asks_due on recovery_asks (next_attempt_at) where address is not null;
create index recovery_asks_address on recovery_asks (realm_id, address_key, created_at);
create index recovery_asks_ip on recovery_asks (realm_id, ip, created_at);
create index recovery_asks_created_at on recovery_asks (created_at);

create table recovery_requests (
  realm_id uuid not null,
  id uuid not null,
  identity_id uuid not null,
  method text not null check (method in ('EMAIL_LINK', 'ADMINISTRATOR')),
  status text not null check (status in ('WAITING', 'READY', 'COMPLETED', 'STOPPED', 'REFUSED', 'EXPIRED')),
  -- Where the link goes: what the person was found by, as it stood in the directory at that time.
  address text,
  -- Who was told at the beginning; they learn of the end too, whatever becomes of the addresses meanwhile.
  notified text[] not null default '{}',
  existing_passkeys text not null check (existing_passkeys in ('KEEP', 'REVOKE')),
  reason text,
  -- Of the links that end it, and that take it back when it is done.
  stop_hash bytea,
  undo_hash bytea,
  undo_until timestamptz,
  binding_job_id uuid,
  passkey_id uuid,
  correlation_id uuid not null,
  ready_at timestamptz not null,
  -- Of the link; null before there is one.
  expires_at timestamptz,
  attempts integer not null default 0,
  next_attempt_at timestamptz not null,
  created_at timestamptz not null default now(),
  ended_at timestamptz,
  primary key (realm_id, id),
  foreign key (realm_id, identity_id) references identities (realm_id, id) on delete cascade,
  foreign key (realm_id, binding_job_id) references credential_binding_jobs (realm_id, id)
    on delete set null (binding_job_id),
  check ((status in ('WAITING', 'READY')) = (ended_at is null)),
  check ((status = 'COMPLETED') <= (passkey_id is not null))
);
-- One at a time.
create unique index recovery_requests_open on recovery_requests (realm_id, identity_id)
  where status in ('WAITING', 'READY');
create index recovery_requests_identity on recovery_requests (realm_id, identity_id, created_at);
create index recovery_requests_job on recovery_requests (realm_id, binding_job_id) where binding_job_id is not null;
create unique index recovery_requests_stop on recovery_requests (realm_id, stop_hash) where stop_hash is not null;
create unique index recovery_requests_undo on recovery_requests (realm_id, undo_hash) where undo_hash is not null;
create index recovery_requests_due on recovery_requests (next_attempt_at) where status = 'WAITING';
create index recovery_requests_ended_at on recovery_requests (ended_at) where ended_at is not null;

-- Mails are about more than binding links now, and not each has a secret.
alter table mails
  drop constraint mails_template_check,
  add constraint mails_template_check check (template in (
    'BINDING_LINK', 'RECOVERY_REQUESTED', 'RECOVERY_LINK', 'RECOVERY_COMPLETED',
    'SIGN_UP_LINK', 'SIGN_UP_CODE', 'SIGN_UP_TAKEN')),
  alter column binding_job_id drop not null,
  add column recovery_request_id uuid,
  add constraint mails_recovery_request foreign key (realm_id, recovery_request_id)
    references recovery_requests (realm_id, id) on delete cascade,
  drop constraint mails_check,
  add constraint mails_secret check (state = 'QUEUED' or wrapped_secret is null);
create index mails_recovery_request on mails (realm_id, recovery_request_id) where recovery_request_id is not null;

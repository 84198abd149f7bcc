-- People who sign themselves up: an address first, its proof, and an identity only together with its passkey.
create table sign_ups (
  realm_id uuid not null,
  id uuid not null,
  authenticator_config_id uuid not null,
  -- What they wanted to sign in to, and go on to.
  application_id uuid,
  interaction_id text,
  -- A keyed digest, for the limits.
  address_key text not null,
  -- Only for as long as it can be used.
  address text,
  proof text not null check (proof in ('LINK', 'CODE')),
  -- ASKED: nobody looked yet. TAKEN: its owner was told, and nothing else happens.
  status text not null default 'ASKED' check (status in ('ASKED', 'SENT', 'TAKEN', 'PROVEN', 'COMPLETED')),
  -- Of the link; of the page that asked, where a code proves.
  token_hash bytea,
  code_hash text,
  tries integer not null default 0,
  -- Of the identity that it becomes; a passkey is made for it before it exists.
  identity_id uuid not null,
  correlation_id uuid not null,
  ip text,
  user_agent text,
  attempts integer not null default 0,
  next_attempt_at timestamptz not null default now(),
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  primary key (realm_id, id),
  foreign key (realm_id, authenticator_config_id) references authenticator_configs (realm_id, id) on delete cascade
);
create unique index sign_ups_token on sign_ups (realm_id, token_hash) where token_hash is not null;
create index sign_ups_config on sign_ups (realm_id, authenticator_config_id);
create index sign_ups_due on sign_ups (next_attempt_at) where status = 'ASKED';
create index sign_ups_address on sign_ups (realm_id, address_key, created_at);
create index sign_ups_ip on sign_ups (realm_id, ip, created_at);
create index sign_ups_created_at on sign_ups (created_at);

alter table mails
  add column sign_up_id uuid,
  add constraint mails_sign_up foreign key (realm_id, sign_up_id) references sign_ups (realm_id, id) on delete cascade;
create index mails_sign_up on mails (realm_id, sign_up_id) where sign_up_id is not null;

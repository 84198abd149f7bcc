-- A signing key has a life: published before it signs, verifying after it did, retired when nothing hangs on it.
alter table signing_keys
  add column activated_at timestamptz,
  add column demoted_at timestamptz,
  add column retired_at timestamptz,
  alter column wrapped_private_jwk drop not null;

update signing_keys set activated_at = created_at where status in ('CURRENT', 'PREVIOUS');
update signing_keys set demoted_at = created_at where status = 'PREVIOUS';
update signing_keys set retired_at = created_at, wrapped_private_jwk = null where status = 'RETIRED';

-- The private half of a retired key is gone for good.
alter table signing_keys
  add constraint signing_keys_private check ((status = 'RETIRED') = (wrapped_private_jwk is null)),
  add constraint signing_keys_retired check ((status = 'RETIRED') = (retired_at is not null));

create unique index signing_keys_one_next on signing_keys (realm_id) where status = 'NEXT';

-- Without a row: ES256, a new key every 90 days.
create table signing_key_settings (
  realm_id uuid primary key references realms (id),
  algorithm text not null check (algorithm in ('ES256', 'EdDSA', 'RS256')),
  -- Null: only by hand.
  rotation_days integer check (rotation_days between 1 and 3650),
  version integer not null default 1,
  updated_at timestamptz not null default now()
);

-- Which key signed it: the key is kept for as long as the token lives.
alter table api_tokens add column signing_key_id uuid;
update api_tokens t set signing_key_id = k.id
from signing_keys k where k.realm_id = t.realm_id and k.status = 'CURRENT';
alter table api_tokens
  add constraint api_tokens_signing_key foreign key (realm_id, signing_key_id) references signing_keys (realm_id, id);
create index api_tokens_signing_key on api_tokens (realm_id, signing_key_id);

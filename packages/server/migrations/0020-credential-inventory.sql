-- What the authenticator proved about itself: nothing, or that it holds the new key itself (WebAuthn Level 3, section 6.5.4).
alter table passkeys
  add column attestation text not null default 'NONE' check (attestation in ('NONE', 'SELF')),
  add column created_user_agent text,
  add column last_used_user_agent text,
  -- When a person gave it a name of their own.
  add column renamed_at timestamptz;
update passkeys set attestation = 'SELF' where attestation_format = 'packed';

-- One index for each order of the inventory, with the id to tell equals apart; what was never used is the longest unused.
create index passkeys_created_at on passkeys (realm_id, created_at, id);
create index passkeys_longest_unused on passkeys (realm_id, coalesce(last_used_at, '-infinity'), id);

-- By model: the inventory's counts come from this index alone.
create index passkeys_model on passkeys (realm_id, aaguid, status, device_bound, identity_id);

-- What few have is found by an index of those few.
create index passkeys_revoked on passkeys (realm_id, id) where status = 'REVOKED';
create index passkeys_device_bound on passkeys (realm_id, device_bound, id);
create index passkeys_not_verified on passkeys (realm_id, id) where not user_verified;
create index passkeys_renamed on passkeys using gin (realm_id, (' ' || searchable(name)) gin_trgm_ops)
  where renamed_at is not null;

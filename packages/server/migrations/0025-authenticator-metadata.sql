-- What the FIDO Alliance publishes about models of authenticators, as the operator of the installation brought it in. It
-- belongs to no tenant: the same file says the same of everyone's models.
create table authenticator_metadata (
  -- One row or none.
  singleton boolean primary key default true check (singleton),
  -- The number of the file (FIDO Metadata Service 3.0, section 3.1.6); it only grows.
  number bigint not null check (number >= 0),
  next_update timestamptz not null,
  imported_at timestamptz not null default now(),
  imported_by_name text not null,
  entries integer not null
);

create table authenticator_models (
  aaguid uuid primary key,
  description text not null,
  -- A picture as a data: address, as the file has it.
  icon text,
  status_reports jsonb not null,
  statement jsonb not null
);

alter table passkeys
  drop constraint passkeys_attestation_check,
  add constraint passkeys_attestation_check check (attestation in ('NONE', 'SELF', 'VERIFIED', 'UNVERIFIED')),
  -- The name of the model that an attestation proved, as the metadata had it then.
  add column attested_model text,
  add constraint passkeys_attested_model check (attested_model is null or attestation = 'VERIFIED');

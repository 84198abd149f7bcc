-- Where and how the ceremonies of an application happen.
alter table authenticator_configs
  -- EMBEDDED alone: whether we send the browser to the application's page, or answer with the address.
  add column invocation text check (invocation in ('AUTOMATIC', 'MANUAL')),
  add column invoke_url text,
  add column trusted_origins text[] not null default '{}' check (cardinality(trusted_origins) <= 100),
  add column relying_party_id text,
  add column attestation text not null default 'NONE' check (attestation in ('NONE', 'DIRECT')),
  -- Models of authenticators by AAGUID; null is every model.
  add column allowed_models uuid[] check (cardinality(allowed_models) <= 100),
  add column denied_models uuid[] not null default '{}' check (cardinality(denied_models) <= 100),
  add column sign_up boolean not null default false,
  add column sign_up_proof text not null default 'LINK' check (sign_up_proof in ('LINK', 'CODE')),
  -- Domains of e-mail addresses; null is every domain.
  add column sign_up_domains text[] check (cardinality(sign_up_domains) <= 100),
  add constraint authenticator_configs_invocation check ((kind = 'EMBEDDED') = (invocation is not null)),
  add constraint authenticator_configs_embedded check (
    kind = 'EMBEDDED' or (invoke_url is null and relying_party_id is null and trusted_origins = '{}')
  ),
  add constraint authenticator_configs_sign_up check (kind <> 'NONE' or not sign_up);

create index applications_authenticator_config on applications (realm_id, authenticator_config_id);

alter table credential_binding_jobs
  -- Where the passkey is bound; null is the realm's own hosted page.
  add column authenticator_config_id uuid,
  -- Why it was made, where that was said.
  add column reason text,
  add constraint credential_binding_jobs_authenticator_config
    foreign key (realm_id, authenticator_config_id) references authenticator_configs (realm_id, id)
    on delete set null (authenticator_config_id);
create index credential_binding_jobs_authenticator_config on credential_binding_jobs (realm_id, authenticator_config_id)
  where authenticator_config_id is not null;

-- What a ceremony was started for is what its response is checked against. The few open ones start again.
delete from challenges;
alter table challenges
  add column relying_party_id text not null,
  add column origins text[] not null check (cardinality(origins) between 1 and 100);

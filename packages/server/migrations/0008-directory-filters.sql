-- Any address of an identity by its text, without regard to case: SCIM clients match people by it.
create index identities_emails on identities using gin ((lower(emails::text)::jsonb) jsonb_path_ops);
-- What was changed since: how provisioning clients read the directory again.
create index identities_updated_at on identities (realm_id, updated_at);

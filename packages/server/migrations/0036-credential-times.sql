-- Secrets of applications and API tokens: when they were last used, when they end, who made them, and of what was warned.
alter table application_secrets
  -- Null: until it is revoked.
  add column expires_at timestamptz,
  -- Written at most once a minute.
  add column last_used_at timestamptz,
  -- How many days were left at the last warning.
  add column warned_days integer;

alter table api_tokens
  -- The identity or application; null for one from before this was kept, and for the operator.
  add column created_by_id uuid,
  add column last_used_at timestamptz,
  add column warned_days integer;

create index application_secrets_expires_at on application_secrets (expires_at) where expires_at is not null;
create index api_tokens_expires_at on api_tokens (expires_at) where revoked_at is null;
create index api_tokens_created_by on api_tokens (realm_id, created_by_id);
create index api_tokens_application on api_tokens (realm_id, application_id);

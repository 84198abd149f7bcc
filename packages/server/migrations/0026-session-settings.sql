-- How long sessions of a realm last. A realm without a row has what stands in the view below.
create table session_settings (
  realm_id uuid primary key references realms (id),
  absolute_seconds integer not null check (absolute_seconds between 300 and 31536000),
  -- null: a session ends by its age alone.
  idle_seconds integer check (idle_seconds between 300 and absolute_seconds),
  version integer not null default 1,
  updated_at timestamptz not null default now()
);

alter table sessions add column last_seen_at timestamptz not null default now();
create index sessions_of_identity on sessions (realm_id, identity_id, id);
drop index sessions_identity;

-- The one rule of which sessions still count: a setting that was made shorter holds for those before it too.
create view live_sessions as
select s.realm_id, s.id, s.identity_id, s.passkey_id, s.created_at, s.last_seen_at, s.ip, s.user_agent,
  least(s.expires_at, s.created_at + coalesce(t.absolute_seconds, 50400) * interval '1 second',
    s.last_seen_at + t.idle_seconds * interval '1 second') as expires_at
from sessions s left join session_settings t on t.realm_id = s.realm_id
where s.expires_at > now()
  and s.created_at + coalesce(t.absolute_seconds, 50400) * interval '1 second' > now()
  and (t.idle_seconds is null or s.last_seen_at + t.idle_seconds * interval '1 second' > now());

-- Names the applications that hold something of a session.
create index oidc_models_session_client on oidc_models (realm_id, session_id, client_id)
  where session_id is not null and client_id is not null;

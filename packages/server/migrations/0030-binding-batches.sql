-- Binding jobs that were asked for together, with what their mails say besides.
create table credential_binding_batches (
  realm_id uuid not null references realms (id),
  id uuid not null,
  message text,
  created_by_name text not null,
  created_at timestamptz not null default now(),
  primary key (realm_id, id)
);

alter table credential_binding_jobs
  add column batch_id uuid,
  -- How often someone had it sent again, and when it last went out anew.
  add column resends integer not null default 0,
  add column resent_at timestamptz,
  -- Passkeys that were refused under its link.
  add column refusals integer not null default 0,
  add foreign key (realm_id, batch_id) references credential_binding_batches (realm_id, id);

create index credential_binding_jobs_batch on credential_binding_jobs (realm_id, batch_id, id)
  where batch_id is not null;
create index credential_binding_jobs_expiring on credential_binding_jobs (expires_at, realm_id, id)
  where status in ('LINK_SENT', 'LINK_OPENED', 'CHALLENGED');

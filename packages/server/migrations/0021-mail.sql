-- Mails on their way, written in the transaction of what they are about. Text is made when one is sent.
create table mails (
  realm_id uuid not null references realms (id),
  id uuid not null,
  template text not null check (template in ('BINDING_LINK')),
  -- Whom and what it is about; it goes when they go.
  binding_job_id uuid not null,
  recipient text not null,
  subject text not null,
  state text not null default 'QUEUED' check (state in ('QUEUED', 'SENT', 'FAILED', 'WITHDRAWN')),
  attempts integer not null default 0,
  -- Whoever has it in hand has it until then.
  next_attempt_at timestamptz not null default now(),
  lease_id uuid,
  -- A code of ours or of the mail server, never its words: they may repeat the mail.
  last_error text,
  -- The token of its link, only for as long as it is not yet sent.
  wrapped_secret bytea,
  valid_until timestamptz not null,
  created_at timestamptz not null default now(),
  sent_at timestamptz,
  primary key (realm_id, id),
  foreign key (realm_id, binding_job_id) references credential_binding_jobs (realm_id, id) on delete cascade,
  check ((state = 'QUEUED') = (wrapped_secret is not null)),
  check ((state = 'SENT') = (sent_at is not null))
);

create index mails_due on mails (next_attempt_at) where state = 'QUEUED';
create index mails_binding_job on mails (realm_id, binding_job_id);
create index mails_created_at on mails (created_at);

-- When a mail server took the link; null for one that was returned or still waits in the outbox.
alter table credential_binding_jobs add column sent_at timestamptz;

-- Asking everyone of a group, or of a realm, who has no passkey to bind one by a date. What its mails say besides, and
-- its jobs, are those of the batch of the same id.
create table campaigns (
  realm_id uuid not null,
  id uuid not null,
  name text not null,
  -- Null asks the whole realm. No foreign key: a group that goes must not turn into everyone.
  group_id uuid,
  group_name text,
  due_at timestamptz not null,
  -- Days before the due date, the most first.
  reminder_days integer[] not null check (cardinality(reminder_days) <= 10),
  status text not null default 'DRAFT' check (status in ('DRAFT', 'RUNNING', 'PAUSED', 'ENDED')),
  end_reason text check (end_reason in ('DUE', 'BY_HAND', 'GROUP_DELETED')),
  created_by_name text not null,
  created_at timestamptz not null default now(),
  started_at timestamptz,
  ended_at timestamptz,
  -- How far the present walk over the people, and the present round of reminders, have come.
  asked_up_to uuid,
  ask_at timestamptz,
  reminded_up_to uuid,
  reminded_for timestamptz,
  -- When there is something to do again, and who does it until when.
  work_at timestamptz not null default now(),
  lease_id uuid,
  leased_until timestamptz,
  primary key (realm_id, id),
  foreign key (realm_id, id) references credential_binding_batches (realm_id, id),
  check ((status = 'ENDED') = (ended_at is not null)),
  check ((status = 'ENDED') = (end_reason is not null))
);

create index campaigns_due on campaigns (work_at) where status = 'RUNNING';

create table campaign_people (
  realm_id uuid not null,
  campaign_id uuid not null,
  identity_id uuid not null,
  -- Who administers gets their link from another administrator, not from a campaign.
  state text not null check (state in ('ASKED', 'NO_ADDRESS', 'ADMINISTRATOR', 'EXCLUDED')),
  binding_job_id uuid,
  -- When that was found.
  settled_at timestamptz not null,
  reminded_at timestamptz,
  reminders integer not null default 0,
  primary key (realm_id, campaign_id, identity_id),
  foreign key (realm_id, campaign_id) references campaigns (realm_id, id) on delete cascade,
  foreign key (realm_id, identity_id) references identities (realm_id, id) on delete cascade,
  check ((state = 'ASKED') <= (binding_job_id is not null))
);

create index campaign_people_identity on campaign_people (realm_id, identity_id);

create index identities_without_passkey on identities (realm_id, id)
  where status = 'ACTIVE' and enrollment_status <> 'ENROLLED';

-- Everything of a profile that no index needs lives in one document; attributes are those that the realm declares.
alter table identities
  add column profile jsonb not null default '{}',
  add column attributes jsonb not null default '{}',
  -- The provisioning client that it belongs to; null for what people made.
  add column provisioned_by uuid,
  add column enrollment_status text not null default 'UNENROLLED'
    check (enrollment_status in ('ENROLLED', 'PENDING', 'INVITE_FAILED', 'UNENROLLED'));

alter table groups add column external_id text, add column provisioned_by uuid;
create index groups_realm_external_id on groups (realm_id, external_id) where external_id is not null;
create index identities_employee_number on identities (realm_id, lower(profile ->> 'employeeNumber'))
  where profile ? 'employeeNumber';
create index identities_enrollment on identities (realm_id, enrollment_status, id);

-- Case folding now makes these one letter with their capitals; what was kept is folded likewise.
update identities set username_key = replace(replace(username_key, 'ß', 'ss'), 'ı', 'i')
  where username_key like '%ß%' or username_key like '%ı%';
update groups set display_name_key = replace(replace(display_name_key, 'ß', 'ss'), 'ı', 'i')
  where display_name_key like '%ß%' or display_name_key like '%ı%';

-- Letters of other scripts that look like Latin ones, so that nobody takes a name that only looks like another's.
alter table identities add column username_skeleton text not null generated always as (translate(username_key,
  'авсԁеҽһніїјкӏмоԛрѕтуԝхαβεζηικμνορτυχωγϲոօսհցզɡɑ',
  'abcdeehhiijklmoqpstywxabezhikmvoptuxwycnouhgqga')) stored;
create unique index identities_realm_username_skeleton_key on identities (realm_id, username_skeleton);

create function enrollment_of(realm uuid, identity uuid) returns text language sql stable as $$
  select case
    when exists (select 1 from passkeys p
      where p.realm_id = realm and p.identity_id = identity and p.status = 'ACTIVE') then 'ENROLLED'
    when exists (select 1 from credential_binding_jobs j where j.realm_id = realm and j.identity_id = identity
      and j.status in ('LINK_SENT', 'LINK_OPENED', 'CHALLENGED') and j.expires_at > now()) then 'PENDING'
    when (select j.status from credential_binding_jobs j where j.realm_id = realm and j.identity_id = identity
      order by j.id desc limit 1) = 'FAILED_TO_SEND' then 'INVITE_FAILED'
    else 'UNENROLLED'
  end
$$;

create function keep_enrollment() returns trigger language plpgsql as $$
declare
  subject record;
  fresh text;
begin
  if tg_op = 'DELETE' then subject := old; else subject := new; end if;
  fresh := enrollment_of(subject.realm_id, subject.identity_id);
  update identities set enrollment_status = fresh
    where realm_id = subject.realm_id and id = subject.identity_id and enrollment_status <> fresh;
  return null;
end $$;
create trigger passkeys_enrollment after insert or delete or update of status on passkeys
  for each row execute function keep_enrollment();
create trigger credential_binding_jobs_enrollment after insert or delete or update of status on credential_binding_jobs
  for each row execute function keep_enrollment();
update identities set enrollment_status = enrollment_of(realm_id, id);

-- How many a realm holds, without counting them. Each connection has a row of its own, so that nobody waits for it.
create table directory_counts (
  realm_id uuid not null references realms (id),
  shard integer not null,
  identities bigint not null,
  primary key (realm_id, shard)
);
insert into directory_counts select realm_id, 0, count(*) from identities group by realm_id;

create function count_identities() returns trigger language plpgsql as $$
begin
  insert into directory_counts as kept
    select realm_id, pg_backend_pid() % 64, case tg_op when 'INSERT' then count(*) else -count(*) end
    from touched group by realm_id order by realm_id
    on conflict (realm_id, shard) do update set identities = kept.identities + excluded.identities;
  return null;
end $$;
create trigger identities_counted_in after insert on identities
  referencing new table as touched for each statement execute function count_identities();
create trigger identities_counted_out after delete on identities
  referencing old table as touched for each statement execute function count_identities();

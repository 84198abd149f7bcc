-- Partitioned by day through the id: a UUIDv7 begins with its time, so the primary key is also the order in time.
create table events (
  realm_id uuid not null,
  id uuid not null,
  occurred_at timestamptz not null,
  type text not null,
  outcome text not null check (outcome = upper(outcome)),
  actor_kind text not null,
  actor_id uuid,
  actor_name text not null,
  subject_kind text,
  subject_id uuid,
  subject_name text,
  correlation_id uuid not null,
  ip text,
  user_agent text,
  data jsonb not null default '{}',
  primary key (realm_id, id)
) partition by range (id);

create index events_type on events (realm_id, type, id);
create index events_correlation on events (realm_id, correlation_id, id);
create index events_actor on events (realm_id, actor_id, id) where actor_id is not null;
create index events_subject on events (realm_id, subject_id, id) where subject_id is not null;

create trigger events_immutable before update or delete on events
  for each row execute function refuse_change();
create trigger events_not_truncated before truncate on events
  for each statement execute function refuse_change();

-- Catches an event whose day has no partition yet; daily maintenance makes them ahead of time.
create table events_default partition of events default;

create function uuid_v7_floor(at timestamptz) returns uuid language sql immutable as $$
  select (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '00000000000000000000')::uuid
$$;

create function ensure_events_partition(day date) returns void language plpgsql as $$
declare
  partition text := 'events_' || to_char(day, 'YYYYMMDD');
begin
  if to_regclass(partition) is null then
    execute format('create table %I partition of events for values from (%L) to (%L)', partition,
      uuid_v7_floor(day::timestamp at time zone 'UTC'), uuid_v7_floor((day + 1)::timestamp at time zone 'UTC'));
  end if;
end $$;

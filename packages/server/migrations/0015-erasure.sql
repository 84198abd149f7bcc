-- A person's share of old events can be forgotten without touching the seal over them: what is sealed of each group of
-- personal fields is a salted digest, which stays when salt and values go.
alter table events
  add column actor_salt uuid default gen_random_uuid(),
  add column subject_salt uuid default gen_random_uuid(),
  add column data_salt uuid default gen_random_uuid(),
  add column actor_digest bytea,
  add column subject_digest bytea,
  add column data_digest bytea,
  add check ((actor_salt is null) = (actor_digest is not null)),
  add check ((subject_salt is null) = (subject_digest is not null)),
  add check ((data_salt is null) = (data_digest is not null));

-- One field in the canonical form: the number of its bytes, a colon, its UTF-8 bytes, a comma; `-,` for null.
create function sealed_field(value text) returns bytea language sql stable as $$
  select case when value is null then convert_to('-,', 'UTF8') else
    convert_to(octet_length(convert_to(value, 'UTF8')) || ':', 'UTF8')
      || convert_to(value, 'UTF8') || convert_to(',', 'UTF8') end
$$;

-- The digests of the three groups that can be erased, from a row that still has its salts.
create function actor_digest_of(event events) returns bytea language sql stable as $$
  select sha256(sealed_field(event.actor_salt::text) || sealed_field(event.actor_name)
    || sealed_field(event.ip) || sealed_field(event.user_agent))
$$;
create function subject_digest_of(event events) returns bytea language sql stable as $$
  select sha256(sealed_field(event.subject_salt::text) || sealed_field(event.subject_name))
$$;
create function data_digest_of(event events) returns bytea language sql stable as $$
  select sha256(sealed_field(event.data_salt::text) || sealed_field(event.data::text))
$$;

-- The same document without the named keys, at any depth of objects.
create function without_keys(document jsonb, keys text[]) returns jsonb language plpgsql immutable as $$
begin
  if jsonb_typeof(document) <> 'object' then return document; end if;
  return coalesce((select jsonb_object_agg(e.key, without_keys(e.value, keys))
    from jsonb_each(document) e where e.key <> all (keys)), '{}');
end $$;

-- Whether the second document is the first with keys left out and nothing else.
create function only_keys_left_out(before jsonb, after jsonb) returns boolean language plpgsql immutable as $$
begin
  if jsonb_typeof(before) = 'object' and jsonb_typeof(after) = 'object' then
    return not exists (select 1 from jsonb_each(after) e
      where not before ? e.key or not only_keys_left_out(before -> e.key, e.value));
  end if;
  return before::text = after::text;
end $$;

create function erased_actor_name(event events) returns text language sql immutable as $$
  select case event.actor_kind when 'IDENTITY' then 'Erased person' else event.actor_name end
$$;
create function erased_subject_name(event events) returns text language sql immutable as $$
  select case event.subject_kind when 'CREDENTIAL' then 'Erased passkey' else 'Erased person' end
$$;

-- The one change that an event may undergo: a group of personal fields gives way to its digest. All else is refused.
create function allow_erasure_only() returns trigger language plpgsql as $$
declare
  allowed events := old;
begin
  if old.actor_digest is null and new.actor_digest is not null then
    allowed.actor_digest := actor_digest_of(old);
    allowed.actor_salt := null;
    allowed.actor_name := erased_actor_name(old);
    allowed.ip := null;
    allowed.user_agent := null;
  end if;
  if old.subject_digest is null and new.subject_digest is not null then
    allowed.subject_digest := subject_digest_of(old);
    allowed.subject_salt := null;
    allowed.subject_name := erased_subject_name(old);
  end if;
  if old.data_digest is null and new.data_digest is not null and only_keys_left_out(old.data, new.data) then
    allowed.data_digest := data_digest_of(old);
    allowed.data_salt := null;
    allowed.data := new.data;
  end if;
  if allowed is not distinct from old or new is distinct from allowed then
    raise exception '% is immutable', tg_table_name using errcode = 'KR002';
  end if;
  return new;
end $$;

drop trigger events_immutable on events;
create trigger events_not_deleted before delete on events
  for each row execute function refuse_change();
create trigger events_only_erased before update on events
  for each row execute function allow_erasure_only();

-- What is still to be erased, so that a crash forgets nobody's wish to be forgotten.
create table erasures (
  realm_id uuid not null references realms (id),
  id uuid not null,
  identity_id uuid not null,
  reason text not null,
  -- RUNNING: events are erased; SETTLING: once more later, for what was being written meanwhile; DONE.
  state text not null default 'RUNNING' check (state in ('RUNNING', 'SETTLING', 'DONE')),
  -- The person's passkeys and binding jobs, whose events speak of the person too, and the flows of those jobs.
  related_ids uuid[] not null,
  correlation_ids uuid[] not null,
  -- Where the person may have acted: an administrator does so in every realm of the tenant.
  acted_in_realm_ids uuid[] not null,
  -- Where the walk through the events has come to: in which of its parts, and after which event.
  part integer not null default 0,
  after_event uuid,
  events_erased integer not null default 0,
  started_at timestamptz not null,
  finished_at timestamptz,
  primary key (realm_id, id),
  check ((state = 'DONE') = (finished_at is not null))
);
create unique index erasures_realm_identity_key on erasures (realm_id, identity_id);
create index erasures_open on erasures (started_at) where state <> 'DONE';

-- The new scope for every tenant that exists: its API, its super administrators, its own applications.
insert into resource_server_scopes (realm_id, resource_server_id, name, description)
  select realm_id, id, 'identities:erase', 'Erase people for good' from resource_servers
  where managed = 'MANAGEMENT_API' on conflict do nothing;

-- A link of someone who held everything then has not gained a power by the upgrade.
update credential_binding_jobs j set target_scopes = array_append(j.target_scopes, 'identities:erase')
  from roles r
  where r.realm_id = j.realm_id and r.managed = 'SUPER_ADMINISTRATOR' and j.target_scopes is not null
    and not 'identities:erase' = any (j.target_scopes)
    and j.target_scopes @> (select array_agg(s.scope) from role_scopes s
      where s.realm_id = r.realm_id and s.role_id = r.id and s.scope <> 'identities:erase');

insert into role_scopes (realm_id, role_id, resource_server_id, scope)
  select realm_id, id, resource_server_id, 'identities:erase' from roles
  where managed = 'SUPER_ADMINISTRATOR' on conflict do nothing;

update applications set allowed_scopes = array_append(allowed_scopes, 'identities:erase')
  where managed in ('ADMIN_CONSOLE', 'MANAGEMENT_API') and not 'identities:erase' = any (allowed_scopes);

create extension if not exists btree_gin;

-- Text as it is searched: letters without their marks, small, punctuation as spaces. What is not ASCII then stands as its
-- bytes (`\303\274`): the index knows letters of other scripts only where the database's locale does. The application
-- prepares what a person typed in the same way.
create function searchable(given text) returns text language plpgsql immutable strict parallel safe as $$
declare
  plain text := lower(given);
begin
  if octet_length(plain) <> length(plain) then
    plain := lower(regexp_replace(normalize(given, NFKD), U&'[\0300-\036F]', '', 'g'));
    plain := replace(replace(replace(plain, 'ß', 'ss'), 'ς', 'σ'), 'ı', 'i');
  end if;
  plain := regexp_replace(plain, '[!-/:-@[-`{-~]', ' ', 'g');
  if octet_length(plain) = length(plain) then return plain; end if;
  return encode(convert_to(plain, 'UTF8'), 'escape');
end $$;

drop index identities_search;
alter table identities add column search_text text not null generated always as (
  ' ' || searchable(username_key || ' ' || display_name
    || case when strpos(display_name, given_name) > 0 then '' else coalesce(' ' || given_name, '') end
    || case when strpos(display_name, family_name) > 0 then '' else coalesce(' ' || family_name, '') end
    || case when lower(email) = username_key then '' else coalesce(' ' || email, '') end
    || coalesce(' ' || external_id, ''))) stored;
-- A short list of what is not sorted in yet: every search reads it.
create index identities_search on identities using gin (realm_id, search_text gin_trgm_ops)
  with (gin_pending_list_limit = 256);

-- One index for each order of a list, with the id to tell equals apart.
create index identities_created_at on identities (realm_id, created_at, id);
drop index identities_updated_at;
create index identities_updated_at on identities (realm_id, updated_at, id);
create index identities_display_name on identities (realm_id, lower(display_name), id);
create index identities_sorted_family_name on identities (realm_id, lower(coalesce(family_name, display_name)), id);

-- What few have is found by an index of those few.
create index identities_suspended on identities (realm_id, id) where status = 'SUSPENDED';
create index identities_provisioned_by_id on identities (realm_id, provisioned_by, id) where provisioned_by is not null;
create index passkeys_last_used_at on passkeys (realm_id, last_used_at) where last_used_at is not null;

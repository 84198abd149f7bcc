-- A file of people on its way into the directory. Its lines wait in import_rows; each check and each run of them is a
-- pass, and a line is done with a pass once it carries its number: nothing is reset, and nothing is done twice.
create table imports (
  realm_id uuid not null references realms (id),
  id uuid not null,
  name text not null,
  format text not null check (format in ('CSV', 'NDJSON')),
  mode text not null check (mode in ('CREATE', 'UPSERT')),
  match_by text not null check (match_by in ('USERNAME', 'EXTERNAL_ID')),
  delimiter text not null default ',',
  -- [{column, field}]; null where each column is named after its field.
  mapping jsonb,
  status text not null default 'UPLOADING' check (status in ('UPLOADING', 'READY', 'CHECKING', 'CHECKED', 'RUNNING',
    'PAUSED', 'COMPLETED', 'COMPLETED_WITH_ERRORS', 'CANCELLED')),
  created_by_name text not null,
  correlation_id uuid not null,
  -- The upload that may add lines, how many there are, the last one's number, and the digest of all of them in turn.
  upload_id uuid,
  lines integer not null default 0,
  last_line integer not null default 0,
  lines_digest bytea,
  -- The present pass: whether it only checks, who started it with which scopes, and up to which line it is done.
  pass integer not null default 0,
  dry_run boolean not null default false,
  starter jsonb,
  done_to_line integer not null default 0,
  processed integer not null default 0,
  created integer not null default 0,
  updated integer not null default 0,
  unchanged integer not null default 0,
  failed integer not null default 0,
  paused_reason text,
  -- The worker that has it in hand, until when; attempts that came to nothing.
  lease_id uuid,
  leased_until timestamptz,
  attempts integer not null default 0,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  started_at timestamptz,
  finished_at timestamptz,
  -- When its lines were deleted, because they hold people's data.
  purged_at timestamptz,
  primary key (realm_id, id)
);

create index imports_in_hand on imports (updated_at) where status in ('CHECKING', 'RUNNING');
create index imports_age on imports (updated_at) where purged_at is null;

create table import_rows (
  realm_id uuid not null,
  import_id uuid not null,
  -- Where it begins in the file, from 1.
  line integer not null,
  -- {field: value}, of the mapped columns alone.
  data jsonb not null,
  -- Why the line can't be read at all.
  problem text,
  -- What may be in a file once: the username, with look-alike letters taken for one as in identities, and the id.
  username_key text,
  username_skeleton text generated always as (translate(username_key,
    'авсԁеҽһніїјкӏмоԛрѕтуԝхαβεζηικμνορτυχωγϲոօսհցզɡɑ',
    'abcdeehhiijklmoqpstywxabezhikmvoptuxwycnouhgqga')) stored,
  external_id text,
  pass integer not null default 0,
  status text check (status in ('CREATED', 'UPDATED', 'UNCHANGED', 'FAILED')),
  error_code text,
  error_message text,
  error_column text,
  identity_id uuid,
  primary key (realm_id, import_id, line),
  foreign key (realm_id, import_id) references imports (realm_id, id) on delete cascade
);

create index import_rows_username on import_rows (realm_id, import_id, username_skeleton, line)
  where username_skeleton is not null;
create index import_rows_external_id on import_rows (realm_id, import_id, external_id, line)
  where external_id is not null;
create index import_rows_status on import_rows (realm_id, import_id, status, line);

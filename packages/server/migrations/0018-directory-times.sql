-- A time is kept as exactly as it is shown, so that what a client read is what it can ask for.
alter table identities
  alter column created_at type timestamptz(3),
  alter column updated_at type timestamptz(3);
alter table groups
  alter column created_at type timestamptz(3),
  alter column updated_at type timestamptz(3);

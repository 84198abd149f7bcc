-- A short list of what is not sorted in yet: every look-up of an address reads it.
alter index identities_emails set (gin_pending_list_limit = 64);

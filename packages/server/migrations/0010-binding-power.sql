-- What the identity could administer when its link was made; null for links from before this was kept.
alter table credential_binding_jobs add column target_scopes text[];

-- A domain of a realm's own that its hosted pages have as their relying party, once it was seen to lead to us.
create table realm_domains (
  realm_id uuid primary key references realms (id),
  domain text not null,
  -- null: asked for, and not yet seen.
  verified_at timestamptz,
  created_at timestamptz not null default now()
);
-- Asking for a domain keeps nobody from it; having it does.
create unique index realm_domains_verified on realm_domains (domain) where verified_at is not null;
create index realm_domains_domain on realm_domains (domain);

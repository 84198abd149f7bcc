-- How a realm looks, whole: where its people find help, its backgrounds, its logos, and what its mails are called.
alter table themes
  add column support_url text check (support_url ~ '^https://'),
  add column background_light text not null default '#f3f4f8' check (background_light ~ '^#[0-9a-f]{6}$'),
  add column background_dark text not null default '#0f1117' check (background_dark ~ '^#[0-9a-f]{6}$'),
  -- What the logo says to who does not see it; null: the display name.
  add column logo_alt text,
  -- By the template of the mail.
  add column mail_subjects jsonb not null default '{}' check (jsonb_typeof(mail_subjects) = 'object'),
  add column updated_at timestamptz not null default now();

-- Served to everybody; a change of the image changes its digest, and with it its address.
create table theme_logos (
  realm_id uuid not null references realms (id),
  scheme text not null check (scheme in ('LIGHT', 'DARK')),
  -- SHA-256, base64url.
  digest text not null check (digest ~ '^[A-Za-z0-9_-]{43}$'),
  media_type text not null check (media_type in ('image/png', 'image/jpeg', 'image/webp')),
  width integer not null check (width between 1 and 2048),
  height integer not null check (height between 1 and 2048),
  content bytea not null check (octet_length(content) between 1 and 262144),
  created_at timestamptz not null default now(),
  primary key (realm_id, scheme)
);
create index theme_logos_digest on theme_logos (realm_id, digest);

-- What a mail is written in: decided when it is made, for its subject and its letter alike.
alter table mails add column language text not null default 'en' check (language ~ '^[a-z]{2}$');

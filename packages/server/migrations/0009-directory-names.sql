-- People by a part of their name, without regard to case.
create index identities_family_name on identities (realm_id, lower(family_name)) where family_name is not null;
create index identities_given_name on identities (realm_id, lower(given_name)) where given_name is not null;

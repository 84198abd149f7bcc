-- The predefined roles of the Management API, for the Admin Realms that are there already; new ones are made with them.
create temporary table predefined (managed text, display_name text, description text, scopes text[]) on commit drop;
insert into predefined values
  ('REALM_ADMINISTRATOR', 'Realm Administrator', 'Everything inside the realms that it is given for', array[
      'tenants:read', 'realms:read', 'realms:update', 'identities:read', 'identities:create', 'identities:update',
      'identities:delete', 'groups:read', 'groups:create', 'groups:update', 'groups:delete', 'credentials:read',
      'credentials:revoke', 'credential-binding-jobs:read', 'credential-binding-jobs:create',
      'credential-binding-jobs:revoke', 'resource-servers:read', 'resource-servers:create', 'resource-servers:update',
      'resource-servers:delete', 'roles:read', 'roles:create', 'roles:update', 'roles:delete', 'applications:read',
      'applications:read-secrets', 'applications:create', 'applications:update', 'applications:delete',
      'authenticator-configs:read', 'authenticator-configs:create', 'authenticator-configs:update',
      'authenticator-configs:delete', 'policies:read', 'policies:create', 'events:read', 'event-exports:read',
      'event-exports:create', 'event-exports:update', 'event-exports:delete', 'themes:read', 'themes:update',
      'tokens:read', 'tokens:revoke', 'signing-keys:read', 'signing-keys:update', 'scim:all'
  ]),
  ('DIRECTORY_ADMINISTRATOR', 'Directory Administrator', 'People, groups, passkeys and binding links', array[
      'realms:read', 'identities:read', 'identities:create', 'identities:update', 'identities:delete', 'groups:read',
      'groups:create', 'groups:update', 'groups:delete', 'credentials:read', 'credentials:revoke',
      'credential-binding-jobs:read', 'credential-binding-jobs:create', 'credential-binding-jobs:revoke',
      'events:read'
  ]),
  ('HELP_DESK', 'Help Desk', 'Looks people up, gives them new binding links and revokes lost passkeys', array[
      'realms:read', 'identities:read', 'groups:read', 'credentials:read', 'credentials:revoke',
      'credential-binding-jobs:read', 'credential-binding-jobs:create', 'credential-binding-jobs:revoke',
      'events:read'
  ]),
  ('AUDITOR', 'Auditor', 'Sees everything, events and exports too, and changes nothing', array[
      'tenants:read', 'realms:read', 'identities:read', 'groups:read', 'credentials:read',
      'credential-binding-jobs:read', 'resource-servers:read', 'roles:read', 'applications:read',
      'authenticator-configs:read', 'policies:read', 'events:read', 'event-exports:read', 'themes:read',
      'tokens:read', 'signing-keys:read'
  ]),
  ('READ_ONLY', 'Read-only', 'Sees how everything is set up, and changes nothing', array[
      'tenants:read', 'realms:read', 'identities:read', 'groups:read', 'credentials:read',
      'credential-binding-jobs:read', 'resource-servers:read', 'roles:read', 'applications:read',
      'authenticator-configs:read', 'policies:read', 'themes:read', 'signing-keys:read'
  ]);

-- A role of that name that somebody made meanwhile keeps it, and the predefined one says whose it is.
with made as (
  insert into roles (realm_id, id, resource_server_id, display_name, description, managed)
  select s.realm_id, gen_random_uuid(), s.id,
    case when exists (select 1 from roles r where r.realm_id = s.realm_id and r.resource_server_id = s.id
      and lower(r.display_name) = lower(p.display_name)) then p.display_name || ' (Keyrealm)' else p.display_name end,
    p.description, p.managed
  from resource_servers s cross join predefined p where s.managed = 'MANAGEMENT_API'
  returning realm_id, id, resource_server_id, managed
)
insert into role_scopes (realm_id, role_id, resource_server_id, scope)
select m.realm_id, m.id, m.resource_server_id, given.scope
from made m join predefined p on p.managed = m.managed cross join unnest(p.scopes) as given(scope)
where exists (select 1 from resource_server_scopes known
  where known.realm_id = m.realm_id and known.resource_server_id = m.resource_server_id and known.name = given.scope);

-- What an identity holds through its groups and by itself is asked for by identity, by group and by role.
create index role_assignments_by_role on role_assignments (realm_id, role_id, id);
drop index role_assignments_role;

import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import type { RealmRef } from '../../kernel/context.js';
import { connectionOf } from '../../protocols/graphql/connection.js';
import type { RealmRow } from './realms.service.js';

export const RealmKind = { ADMIN: 'ADMIN', ORDINARY: 'ORDINARY' } as const;
registerEnumType(RealmKind, {
  name: 'RealmKind',
  description: 'ADMIN is the home of the console and the Management API; every tenant has exactly one.',
});

@ObjectType({
  description:
    'An isolated unit of a tenant: its own directory, applications, policy, events, keys. Nothing is shared between realms.',
})
export class Realm {
  @Field(() => ID)
  id!: string;
  @Field(() => String)
  displayName!: string;
  @Field(() => RealmKind)
  kind!: 'ADMIN' | 'ORDINARY';
  /** Absent when the realm was only entered; the fields that need it ask for the scope realms:read. */
  row?: RealmRow;
}

export const presentRealm = (row: RealmRow): Realm => ({
  id: row.id,
  displayName: row.display_name,
  kind: row.kind,
  row,
});

export const presentRealmRef = (ref: RealmRef): Realm => ({
  id: ref.id,
  displayName: ref.displayName,
  kind: ref.kind,
});

export const RealmConnection = connectionOf(Realm, 'Realm');

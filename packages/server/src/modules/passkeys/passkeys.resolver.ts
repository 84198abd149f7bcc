import {
  Arg,
  Args,
  Ctx,
  Field,
  FieldResolver,
  ID,
  InputType,
  Int,
  Mutation,
  ObjectType,
  Resolver,
  Root,
  registerEnumType,
} from 'type-graphql';
import {
  type Connection,
  ConnectionArgs,
  connectionOf,
  FirstArgs,
  toConnection,
} from '../../protocols/graphql/connection.js';
import type { GraphContext } from '../../protocols/graphql/context.js';
import { payload, UserError, UserWarning } from '../../protocols/graphql/errors.js';
import { DateTimeScalar } from '../../protocols/graphql/scalars.js';
import { Identity, presentIdentity } from '../identities/identities.object.js';
import { Realm } from '../realms/realms.object.js';
import type { PasskeyRow } from './passkeys.service.js';

const CredentialStatus = { ACTIVE: 'ACTIVE', REVOKED: 'REVOKED' } as const;
registerEnumType(CredentialStatus, { name: 'CredentialStatus' });

@ObjectType({ description: 'A passkey: a public key bound to one identity.' })
class Credential {
  @Field(() => ID)
  id!: string;
  @Field(() => String)
  name!: string;
  @Field(() => CredentialStatus)
  status!: 'ACTIVE' | 'REVOKED';
  @Field(() => String, { description: 'The model of the authenticator (WebAuthn Level 3, section 6.5.1).' })
  aaguid!: string;
  @Field(() => Boolean)
  backedUp!: boolean;
  @Field(() => Boolean, { description: "True when the passkey can't leave the device it was made on." })
  deviceBound!: boolean;
  @Field(() => Boolean)
  userVerified!: boolean;
  @Field(() => [String])
  transports!: string[];
  @Field(() => String)
  relyingPartyId!: string;
  @Field(() => Int, { description: 'COSE algorithm number, for example -7 for ES256.' })
  algorithm!: number;
  @Field(() => DateTimeScalar)
  createdAt!: Date;
  @Field(() => DateTimeScalar, { nullable: true })
  lastUsedAt!: Date | null;
  @Field(() => String, { nullable: true })
  lastUsedIp!: string | null;
  @Field(() => DateTimeScalar, { nullable: true })
  revokedAt!: Date | null;
  realmId!: string;
  identityId!: string;
}

const present = (row: PasskeyRow): Credential => ({
  id: row.id,
  name: row.name,
  status: row.status,
  aaguid: row.aaguid,
  backedUp: row.backed_up,
  deviceBound: row.device_bound,
  userVerified: row.user_verified,
  transports: row.transports,
  relyingPartyId: row.relying_party_id,
  algorithm: row.algorithm,
  createdAt: row.created_at,
  lastUsedAt: row.last_used_at,
  lastUsedIp: row.last_used_ip,
  revokedAt: row.revoked_at,
  realmId: row.realm_id,
  identityId: row.identity_id,
});

const CredentialConnection = connectionOf(Credential, 'Credential');

@InputType()
class RevokeCredentialInput {
  @Field(() => ID)
  realmId!: string;
  @Field(() => ID)
  credentialId!: string;
}

@ObjectType()
class CredentialPayload {
  @Field(() => Credential, { nullable: true })
  credential?: Credential | null;
  @Field(() => [UserError])
  errors!: UserError[];
  @Field(() => [UserWarning])
  warnings!: readonly UserWarning[];
}

@Resolver(() => Realm)
export class RealmCredentialsResolver {
  @FieldResolver(() => CredentialConnection, { description: 'Needs credentials:read.' })
  async credentials(
    @Root() realm: Realm,
    @Ctx() graph: GraphContext,
    @Args(() => ConnectionArgs) args: ConnectionArgs,
  ): Promise<Connection<Credential>> {
    return toConnection(await graph.services.passkeys.list(await graph.enter(realm.id), {}, args), present);
  }
}

@Resolver(() => Identity)
export class IdentityCredentialsResolver {
  @FieldResolver(() => CredentialConnection, { description: 'Needs credentials:read.' })
  async credentials(
    @Root() identity: Identity,
    @Ctx() graph: GraphContext,
    @Args(() => FirstArgs) args: FirstArgs,
  ): Promise<Connection<Credential>> {
    const ctx = await graph.enter(identity.realmId);
    const loader = graph.loader(
      `credentials ${identity.realmId} ${JSON.stringify([args.first, args.after])}`,
      (ids: readonly string[]) => graph.services.passkeys.ofMany(ctx, ids, args),
    );
    return toConnection(await loader.load(identity.id), present);
  }
}

@Resolver(() => Credential)
export class CredentialsResolver {
  @FieldResolver(() => Identity, { description: 'Needs identities:read.' })
  async identity(@Root() credential: Credential, @Ctx() graph: GraphContext): Promise<Identity> {
    return presentIdentity(await graph.identity(credential.realmId, credential.identityId));
  }

  @Mutation(() => CredentialPayload, {
    description: 'For ever; ends the sessions that it opened. Needs credentials:revoke.',
  })
  async revokeCredential(
    @Ctx() graph: GraphContext,
    @Arg('input', () => RevokeCredentialInput) input: RevokeCredentialInput,
  ): Promise<CredentialPayload> {
    const made = await payload(async () => {
      const { passkey, warnings } = await graph.services.passkeys.revoke(
        await graph.enter(input.realmId),
        input,
      );
      return { credential: present(passkey), warnings };
    });
    return { ...made, warnings: made.warnings ?? [] };
  }
}

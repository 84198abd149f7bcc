import {
  Arg,
  Args,
  Ctx,
  Field,
  FieldResolver,
  ID,
  InputType,
  Mutation,
  ObjectType,
  Resolver,
  Root,
} from 'type-graphql';
import { type Connection, FirstArgs, toConnection } from '../../protocols/graphql/connection.js';
import type { GraphContext } from '../../protocols/graphql/context.js';
import { payload, UserError, UserWarning } from '../../protocols/graphql/errors.js';
import { CredentialBindingJob, presentJob } from '../binding-jobs/binding-jobs.object.js';
import { Identity, presentIdentity } from '../identities/identities.object.js';
import { Realm } from '../realms/realms.object.js';
import { Credential, CredentialConnection, presentCredential } from './credentials.object.js';

@InputType()
class RenameCredentialInput {
  @Field(() => ID)
  realmId!: string;
  @Field(() => ID)
  credentialId!: string;
  @Field(() => String, { description: 'Up to 100 characters.' })
  name!: string;
}

@ObjectType()
class RenameCredentialPayload {
  @Field(() => Credential, { nullable: true })
  credential?: Credential | null;
  @Field(() => [UserError])
  errors!: UserError[];
}

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
  @FieldResolver(() => Credential, { nullable: true, description: 'Needs credentials:read.' })
  async credential(
    @Root() realm: Realm,
    @Ctx() graph: GraphContext,
    @Arg('id', () => ID) id: string,
  ): Promise<Credential | null> {
    const row = await graph.services.passkeys.find(await graph.enter(realm.id), id);
    return row ? presentCredential(row) : null;
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
    return toConnection(await loader.load(identity.id), presentCredential);
  }
}

@Resolver(() => Credential)
export class CredentialsResolver {
  @FieldResolver(() => Identity, { description: 'Needs identities:read.' })
  async identity(@Root() credential: Credential, @Ctx() graph: GraphContext): Promise<Identity> {
    return presentIdentity(await graph.identity(credential.realmId, credential.identityId));
  }

  @FieldResolver(() => CredentialBindingJob, {
    nullable: true,
    description: 'Where it came from, if that is still known. Needs credential-binding-jobs:read.',
  })
  async bindingJob(
    @Root() credential: Credential,
    @Ctx() graph: GraphContext,
  ): Promise<CredentialBindingJob | null> {
    const { realmId, bindingJobId } = credential;
    if (bindingJobId === null) return null;
    const ctx = await graph.enter(realmId);
    const loader = graph.loader(`binding jobs by id ${realmId}`, async (ids: readonly string[]) => {
      const rows = await graph.services.bindingJobs.findMany(ctx, ids);
      const byId = new Map(rows.map((row) => [row.id, row]));
      return ids.map((wanted) => byId.get(wanted));
    });
    const row = await loader.load(bindingJobId);
    return row ? presentJob(row) : null;
  }

  @Mutation(() => RenameCredentialPayload, { description: 'Needs identities:update.' })
  renameCredential(
    @Ctx() graph: GraphContext,
    @Arg('input', () => RenameCredentialInput) input: RenameCredentialInput,
  ): Promise<RenameCredentialPayload> {
    return payload(async () => ({
      credential: presentCredential(
        await graph.services.passkeys.rename(await graph.enter(input.realmId), input),
      ),
    }));
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
      return { credential: presentCredential(passkey), warnings };
    });
    return { ...made, warnings: made.warnings ?? [] };
  }
}

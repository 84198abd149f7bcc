import {
  Arg,
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
} from 'type-graphql';
import { invalid } from '../../kernel/errors.js';
import { isId } from '../../kernel/ids.js';
import { answerEach } from '../../protocols/graphql/batch.js';
import type { GraphContext } from '../../protocols/graphql/context.js';
import { payload, UserError, UserWarning } from '../../protocols/graphql/errors.js';
import { Identity, presentIdentity } from '../identities/identities.object.js';
import { Realm } from '../realms/realms.object.js';
import { Credential, CredentialModel, presentCredential } from './credentials.object.js';
import { modelOf } from './models.js';

@ObjectType({ description: 'Someone with active passkeys of the model.' })
class CredentialModelHolder {
  @Field(() => Int, { description: 'Active passkeys of the model.' })
  credentials!: number;
  @Field(() => Boolean, { description: 'Whether no active passkey would be left to them.' })
  leftWithoutCredential!: boolean;
  realmId!: string;
  identityId!: string;
}

@ObjectType({ description: 'Whom it would reach to revoke all passkeys of a model.' })
class CredentialModelRevocation {
  @Field(() => CredentialModel)
  model!: CredentialModel;
  @Field(() => Int)
  credentials!: number;
  @Field(() => Int)
  identities!: number;
  @Field(() => Int, { description: 'How many of the identities would have no active passkey left.' })
  leftWithoutCredential!: number;
  firstHolders!: CredentialModelHolder[];
}

@InputType()
class RevokeCredentialsInput {
  @Field(() => ID)
  realmId!: string;
  @Field(() => [ID], { description: 'Up to 1,000.' })
  credentialIds!: string[];
}

@ObjectType()
class RevokeCredentialResult {
  @Field(() => ID)
  credentialId!: string;
  @Field(() => Credential, { nullable: true })
  credential!: Credential | null;
  @Field(() => UserError, { nullable: true })
  error!: UserError | null;
}

@ObjectType({
  description: 'One answer for each id, in the order given; a failure of one takes no other with it.',
})
class RevokeCredentialsPayload {
  @Field(() => [RevokeCredentialResult])
  results!: RevokeCredentialResult[];
  @Field(() => [UserError], { description: 'Why nothing was done at all.' })
  errors!: UserError[];
  @Field(() => [UserWarning])
  warnings!: readonly UserWarning[];
}

@InputType()
class RevokeCredentialsOfModelInput {
  @Field(() => ID)
  realmId!: string;
  @Field(() => String, { description: 'All zeros for those that are not attested.' })
  aaguid!: string;
  @Field(() => String, { nullable: true, description: 'Up to 200 characters; the event keeps it.' })
  reason?: string | null;
}

@ObjectType()
class RevokeCredentialsOfModelPayload {
  @Field(() => Int)
  revoked!: number;
  @Field(() => Int)
  endedSessions!: number;
  @Field(() => Int, {
    nullable: true,
    description: 'Active ones that are still there: ask again until it is 0. Null when nothing was done.',
  })
  left!: number | null;
  @Field(() => [UserError])
  errors!: UserError[];
  @Field(() => [UserWarning])
  warnings!: readonly UserWarning[];
}

@Resolver(() => Realm)
export class RealmRevocationResolver {
  @FieldResolver(() => CredentialModelRevocation, {
    description: 'A preview; nothing is changed. Needs credentials:read and identities:read.',
  })
  async credentialModelRevocation(
    @Root() realm: Realm,
    @Ctx() graph: GraphContext,
    @Arg('aaguid', () => String) aaguid: string,
  ): Promise<CredentialModelRevocation> {
    if (!isId(aaguid)) throw invalid('This is not an AAGUID.', 'aaguid');
    const ctx = await graph.enter(realm.id);
    // Over a large realm, so once a request for each model.
    const loader = graph.loader(`revocations ${realm.id}`, (models: readonly string[]) =>
      Promise.all(models.map((one) => graph.services.revocation.preview(ctx, { aaguid: one }))),
    );
    const found = await loader.load(aaguid);
    return {
      model: modelOf(aaguid),
      credentials: found.credentials,
      identities: found.identities,
      leftWithoutCredential: found.left_without,
      firstHolders: found.first.map((holder) => ({
        credentials: holder.credentials,
        leftWithoutCredential: holder.leaves_none,
        realmId: realm.id,
        identityId: holder.identity_id,
      })),
    };
  }
}

@Resolver(() => CredentialModelRevocation)
export class RevocationHoldersResolver {
  @FieldResolver(() => [CredentialModelHolder], {
    description: 'The first ones, those who would have no passkey left before the others.',
  })
  holders(
    @Root() revocation: CredentialModelRevocation,
    @Arg('first', () => Int, { nullable: true, description: 'How many, 1 to 100; 50 unless said.' })
    first?: number | null,
  ): CredentialModelHolder[] {
    const asked = first ?? 50;
    if (asked < 1 || asked > 100) throw invalid('Ask for 1 to 100.', 'first');
    return revocation.firstHolders.slice(0, asked);
  }
}

@Resolver(() => CredentialModelHolder)
export class CredentialRevocationResolver {
  @FieldResolver(() => Identity, { description: 'Needs identities:read.' })
  async identity(@Root() holder: CredentialModelHolder, @Ctx() graph: GraphContext): Promise<Identity> {
    return presentIdentity(await graph.identity(holder.realmId, holder.identityId));
  }

  @Mutation(() => RevokeCredentialsPayload, {
    description: 'Each as revokeCredential does it. Needs credentials:revoke.',
  })
  async revokeCredentials(
    @Ctx() graph: GraphContext,
    @Arg('input', () => RevokeCredentialsInput) input: RevokeCredentialsInput,
  ): Promise<RevokeCredentialsPayload> {
    const done = await payload(async () => {
      const ctx = await graph.enter(input.realmId);
      const answers = await answerEach(graph, 'credentialIds', input.credentialIds, (credentialId) =>
        graph.services.passkeys.revoke(ctx, { credentialId }),
      );
      const results = answers.map(({ made, error }, index) => ({
        credentialId: input.credentialIds[index] ?? '',
        credential: made ? presentCredential(made.passkey) : null,
        error,
      }));
      const warnings = new Map(
        answers.flatMap(({ made }) => made?.warnings ?? []).map((warning) => [warning.code, warning]),
      );
      return { results, warnings: [...warnings.values()] };
    });
    return { ...done, results: done.results ?? [], warnings: done.warnings ?? [] };
  }

  @Mutation(() => RevokeCredentialsOfModelPayload, {
    description:
      'Up to 1,000 active passkeys of the model a call, for ever, with the sessions that they opened. Refuses to leave nobody who can sign in to the console. Needs credentials:revoke.',
  })
  async revokeCredentialsOfModel(
    @Ctx() graph: GraphContext,
    @Arg('input', () => RevokeCredentialsOfModelInput) input: RevokeCredentialsOfModelInput,
  ): Promise<RevokeCredentialsOfModelPayload> {
    const done = await payload(async () => {
      const { realmId, ...wanted } = input;
      return graph.services.revocation.revokeOfModel(await graph.enter(realmId), wanted);
    });
    return {
      errors: done.errors,
      revoked: done.revoked ?? 0,
      endedSessions: done.endedSessions ?? 0,
      left: done.left ?? null,
      warnings: done.warnings ?? [],
    };
  }
}

import {
  Args,
  ArgsType,
  Ctx,
  Field,
  FieldResolver,
  ID,
  InputType,
  Int,
  ObjectType,
  Resolver,
  Root,
  registerEnumType,
} from 'type-graphql';
import { type Connection, SearchArgs, toConnection } from '../../protocols/graphql/connection.js';
import type { GraphContext } from '../../protocols/graphql/context.js';
import { DateTimeScalar } from '../../protocols/graphql/scalars.js';
import { Realm } from '../realms/realms.object.js';
import {
  type Credential,
  CredentialConnection,
  CredentialModel,
  CredentialStatus,
  presentCredential,
} from './credentials.object.js';
import type { CredentialFilter, CredentialOrder } from './inventory.service.js';
import { modelOf } from './models.js';

const CredentialOrders: { [O in CredentialOrder]: O } = {
  CREATED_AT_ASC: 'CREATED_AT_ASC',
  CREATED_AT_DESC: 'CREATED_AT_DESC',
  LAST_USED_AT_ASC: 'LAST_USED_AT_ASC',
  LAST_USED_AT_DESC: 'LAST_USED_AT_DESC',
};
registerEnumType(CredentialOrders, {
  name: 'CredentialOrder',
  description: 'What was never used counts as the longest unused.',
});

@InputType('CredentialFilter', { description: 'All that is said must be met.' })
class CredentialFilterInput {
  @Field(() => CredentialStatus, { nullable: true })
  status?: 'ACTIVE' | 'REVOKED' | null;
  @Field(() => String, { nullable: true, description: 'Of this model; all zeros for those not attested.' })
  aaguid?: string | null;
  @Field(() => ID, { nullable: true })
  identityId?: string | null;
  @Field(() => Boolean, { nullable: true })
  deviceBound?: boolean | null;
  @Field(() => Boolean, { nullable: true })
  userVerified?: boolean | null;
  @Field(() => Boolean, { nullable: true, description: 'Whether its maker vouched for the model.' })
  attested?: boolean | null;
  @Field(() => DateTimeScalar, { nullable: true, description: 'At this moment or later.' })
  createdAfter?: Date | null;
  @Field(() => DateTimeScalar, { nullable: true, description: 'Before this moment.' })
  createdBefore?: Date | null;
  @Field(() => DateTimeScalar, { nullable: true, description: 'At this moment or later.' })
  lastUsedAfter?: Date | null;
  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'Before this moment and not since; what was never used is not among them.',
  })
  lastUsedBefore?: Date | null;
  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'Not used at this moment or later; what was never used is among them.',
  })
  unusedSince?: Date | null;
  @Field(() => Boolean, { nullable: true })
  neverUsed?: boolean | null;
}

@ArgsType()
class CredentialsArgs extends SearchArgs {
  @Field(() => CredentialFilterInput, { nullable: true })
  filter?: CredentialFilterInput | null;
  @Field(() => CredentialOrders, { nullable: true, description: 'CREATED_AT_DESC unless said.' })
  orderBy?: CredentialOrder | null;
}

@ObjectType({ description: 'How many passkeys of a realm are of one model.' })
class CredentialModelCount {
  @Field(() => CredentialModel)
  model!: CredentialModel;
  @Field(() => Int)
  active!: number;
  @Field(() => Int, { description: 'Of the active ones, those that can’t leave their device.' })
  deviceBound!: number;
  @Field(() => Int, { description: 'Of the active ones, the others.' })
  synced!: number;
  @Field(() => Int)
  revoked!: number;
}

@Resolver(() => Realm)
export class RealmInventoryResolver {
  @FieldResolver(() => CredentialConnection, {
    description:
      'A query finds words of the model, of the name that someone gave it, or of the person; it needs identities:read too. Needs credentials:read.',
  })
  async credentials(
    @Root() realm: Realm,
    @Ctx() graph: GraphContext,
    @Args(() => CredentialsArgs) args: CredentialsArgs,
  ): Promise<Connection<Credential>> {
    const ctx = await graph.enter(realm.id);
    const order = args.orderBy ?? undefined;
    return toConnection(
      await graph.services.inventory.list(ctx, filterOf(args), order, args),
      presentCredential,
    );
  }

  @FieldResolver(() => [CredentialModelCount], {
    description: 'The 200 most frequent ones. Needs credentials:read.',
  })
  async credentialModels(@Root() realm: Realm, @Ctx() graph: GraphContext): Promise<CredentialModelCount[]> {
    const ctx = await graph.enter(realm.id);
    // Over the whole realm, so once a request.
    const loader = graph.loader(`credential models ${realm.id}`, async (keys: readonly string[]) => {
      const counted = await graph.services.inventory.models(ctx);
      return keys.map(() => counted);
    });
    const counts = await loader.load(realm.id);
    return counts.map((count) => ({
      model: modelOf(count.aaguid),
      active: count.active,
      deviceBound: count.device_bound,
      synced: count.active - count.device_bound,
      revoked: count.revoked,
    }));
  }
}

function filterOf({ query, filter }: CredentialsArgs): CredentialFilter {
  const given = Object.entries(filter ?? {}).filter(([, value]) => value !== null && value !== undefined);
  return { ...Object.fromEntries(given), query: query?.trim() || undefined };
}

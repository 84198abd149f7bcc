import { Ctx, Field, FieldResolver, Int, ObjectType, Resolver, Root } from 'type-graphql';
import type { GraphContext } from '../../protocols/graphql/context.js';
import { DateTimeScalar, JsonScalar } from '../../protocols/graphql/scalars.js';
import { Realm } from '../realms/realms.object.js';

@ObjectType()
class PolicyRule {
  @Field(() => String)
  id!: string;
  @Field(() => String)
  name!: string;
  @Field(() => Boolean)
  enabled!: boolean;
  @Field(() => String, { description: 'ALLOW, DENY or MONITOR.' })
  action!: string;
  @Field(() => String, { description: 'The rule in plain words.' })
  sentence!: string;
}

@ObjectType({ description: 'The rules of a realm as they were published: a version never changes.' })
class PolicyVersion {
  @Field(() => Int)
  version!: number;
  @Field(() => String, { nullable: true })
  note!: string | null;
  @Field(() => DateTimeScalar)
  createdAt!: Date;
  @Field(() => String)
  createdByName!: string;
  @Field(() => JsonScalar)
  document!: unknown;
  @Field(() => [PolicyRule])
  rules!: PolicyRule[];
}

@Resolver(() => Realm)
export class RealmPolicyResolver {
  @FieldResolver(() => PolicyVersion, { description: 'The active version. Needs policies:read.' })
  async policy(@Root() realm: Realm, @Ctx() graph: GraphContext): Promise<PolicyVersion> {
    const { row, document, sentences } = await graph.services.policies.current(await graph.enter(realm.id));
    return {
      version: row.version,
      note: row.note,
      createdAt: row.created_at,
      createdByName: row.created_by_name,
      document,
      rules: document.rules.map((rule, index) => ({
        id: rule.id,
        name: rule.name,
        enabled: rule.enabled,
        action: rule.action.type,
        sentence: sentences[index] ?? '',
      })),
    };
  }
}

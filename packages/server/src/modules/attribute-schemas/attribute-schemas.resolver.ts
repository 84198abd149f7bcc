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
import type { GraphContext } from '../../protocols/graphql/context.js';
import { payload, UserError } from '../../protocols/graphql/errors.js';
import { DateTimeScalar, JsonScalar } from '../../protocols/graphql/scalars.js';
import { Realm } from '../realms/realms.object.js';
import type { BrokenIdentity, CurrentSchema } from './attribute-schemas.service.js';

const PROFILE =
  'A JSON Schema (draft 2020-12) of the type object, whose properties are strings (enum, minLength, maxLength, format date, date-time, email or uri), numbers and integers (enum, minimum, maximum), booleans, or arrays of these (items, maxItems); with title, description and required; additionalProperties is false. No other keywords; at most 100 properties.';

@ObjectType('AttributeSchema', {
  description: 'The custom attributes that identities of the realm may have.',
})
class AttributeSchemaObject {
  @Field(() => JsonScalar, { description: PROFILE })
  schema!: unknown;
  @Field(() => Int)
  version!: number;
  @Field(() => DateTimeScalar)
  updatedAt!: Date;
  @Field(() => String)
  updatedByName!: string;
}

@ObjectType()
class AttributeProblem {
  @Field(() => [String], { description: 'Inside the attributes.' })
  path!: readonly string[];
  @Field(() => String)
  message!: string;
}

@ObjectType('BrokenIdentity', { description: 'Someone whose attributes do not meet a schema.' })
class BrokenIdentityObject {
  @Field(() => ID)
  identityId!: string;
  @Field(() => String)
  username!: string;
  @Field(() => String)
  displayName!: string;
  @Field(() => [AttributeProblem])
  problems!: readonly AttributeProblem[];
}

@ObjectType({ description: 'What a schema would mean for the directory as it is.' })
class AttributeSchemaImpact {
  @Field(() => Int, { nullable: true, description: 'How many do not meet it; null when it is no schema.' })
  count?: number | null;
  @Field(() => [BrokenIdentityObject], { description: 'The first 100 of them.' })
  identities!: BrokenIdentityObject[];
  @Field(() => [UserError])
  errors!: UserError[];
}

@InputType()
class UpdateAttributeSchemaInput {
  @Field(() => ID)
  realmId!: string;
  @Field(() => JsonScalar, { description: PROFILE })
  schema!: unknown;
  @Field(() => Int, { nullable: true })
  ifVersion?: number | null;
  @Field(() => Boolean, {
    nullable: true,
    description:
      'Save it although some do not meet it. They stay as they are; a change of their attributes has to meet it.',
  })
  keepInvalid?: boolean | null;
}

@ObjectType()
class UpdateAttributeSchemaPayload {
  @Field(() => AttributeSchemaObject, { nullable: true })
  attributeSchema?: AttributeSchemaObject | null;
  @Field(() => [UserError])
  errors!: UserError[];
}

const present = ({ schema, version, updatedAt, updatedByName }: CurrentSchema): AttributeSchemaObject => ({
  schema,
  version,
  updatedAt,
  updatedByName,
});

const presentBroken = ({ id, ...broken }: BrokenIdentity): BrokenIdentityObject => ({
  identityId: id,
  ...broken,
});

/** Requests that asked for an impact: each walks a whole directory, so one request gets one. */
const asked = new WeakSet<GraphContext>();

@Resolver(() => Realm)
export class AttributeSchemasResolver {
  @FieldResolver(() => AttributeSchemaObject, { description: 'Needs realms:read.' })
  async attributeSchema(@Root() realm: Realm, @Ctx() graph: GraphContext): Promise<AttributeSchemaObject> {
    return present(await graph.services.attributeSchemas.get(await graph.enter(realm.id)));
  }

  @FieldResolver(() => AttributeSchemaImpact, {
    description: 'Who would not meet a schema, before it is saved. Needs realms:read and identities:read.',
  })
  async attributeSchemaImpact(
    @Root() realm: Realm,
    @Ctx() graph: GraphContext,
    @Arg('schema', () => JsonScalar) schema: unknown,
  ): Promise<AttributeSchemaImpact> {
    const ctx = await graph.enter(realm.id);
    const found = await payload(async () => {
      if (asked.has(graph)) throw invalid('Ask for one impact in a request.', 'schema');
      asked.add(graph);
      const { count, identities } = await graph.services.attributeSchemas.impact(ctx, { schema });
      return { count, identities: identities.map(presentBroken) };
    });
    return { ...found, identities: found.identities ?? [] };
  }

  @Mutation(() => UpdateAttributeSchemaPayload, {
    description: 'Refused with ATTRIBUTES_WOULD_BREAK when some do not meet it. Needs realms:update.',
  })
  updateAttributeSchema(
    @Ctx() graph: GraphContext,
    @Arg('input', () => UpdateAttributeSchemaInput) input: UpdateAttributeSchemaInput,
  ): Promise<UpdateAttributeSchemaPayload> {
    const { realmId, ...wanted } = input;
    return payload(async () => ({
      attributeSchema: present(
        await graph.services.attributeSchemas.save(await graph.enter(realmId), wanted),
      ),
    }));
  }
}

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
  registerEnumType,
} from 'type-graphql';
import type { GraphContext } from '../../protocols/graphql/context.js';
import { payload, UserError, UserWarning } from '../../protocols/graphql/errors.js';
import { DateTimeScalar } from '../../protocols/graphql/scalars.js';
import { Realm } from '../realms/realms.object.js';
import type { DomainChanged, DomainRow } from './domains.service.js';
import type { Fate } from './plan.service.js';

const Fates: { [F in Fate]: F } = { DIRECT: 'DIRECT', RELATED: 'RELATED', STRANDED: 'STRANDED' };
registerEnumType(Fates, {
  name: 'PasskeyFate',
  description:
    'DIRECT: works in every browser. RELATED: works where browsers know related origins (WebAuthn Level 3, section 5.11). STRANDED: works nowhere.',
});

@ObjectType({ description: 'A domain of the realm’s own; new passkeys of its hosted pages are for it.' })
class RealmDomain {
  @Field(() => String)
  domain!: string;
  @Field(() => DateTimeScalar, { nullable: true, description: 'null: not yet seen to lead to this server.' })
  verifiedAt!: Date | null;
}

@ObjectType()
class PlannedRelyingParty {
  @Field(() => String)
  relyingPartyId!: string;
  @Field(() => Int)
  passkeys!: number;
  @Field(() => Fates)
  fate!: Fate;
}

@ObjectType()
class StrandedAdministrator {
  @Field(() => ID)
  id!: string;
  @Field(() => String)
  displayName!: string;
}

@ObjectType({ description: 'What a change of the relying party would do to the active passkeys of a realm.' })
class RelyingPartyPlanObject {
  @Field(() => [PlannedRelyingParty])
  parties!: readonly PlannedRelyingParty[];
  @Field(() => Int)
  direct!: number;
  @Field(() => Int)
  related!: number;
  @Field(() => Int)
  stranded!: number;
  @Field(() => Int, { description: 'Identities that have passkeys, and would have none that works.' })
  strandedIdentities!: number;
  @Field(() => [StrandedAdministrator], { description: 'In the Admin Realm, by name; at most 100.' })
  strandedAdministrators!: readonly StrandedAdministrator[];
}

@InputType({ description: 'Either a domain of the realm, or the relying party of one embedded config.' })
class RelyingPartyPlanInput {
  @Field(() => String, { nullable: true })
  domain?: string | null;
  @Field(() => String, { nullable: true, description: 'null with a config: the one of the realm.' })
  relyingPartyId?: string | null;
  @Field(() => ID, { nullable: true })
  authenticatorConfigId?: string | null;
}

@InputType()
class SetRealmDomainInput {
  @Field(() => ID)
  realmId!: string;
  @Field(() => String, { description: 'Such as login.example.com.' })
  domain!: string;
}

@InputType()
class RealmDomainInput {
  @Field(() => ID)
  realmId!: string;
}

@ObjectType()
class RealmDomainPayload {
  @Field(() => RealmDomain, { nullable: true })
  domain?: RealmDomain | null;
  @Field(() => [UserWarning])
  warnings!: readonly UserWarning[];
  @Field(() => [UserError])
  errors!: UserError[];
}

const present = (row: DomainRow): RealmDomain => ({ domain: row.domain, verifiedAt: row.verified_at });

@Resolver(() => Realm)
export class RelyingPartiesResolver {
  @FieldResolver(() => RealmDomain, { nullable: true, description: 'Needs realms:read.' })
  async domain(@Root() realm: Realm, @Ctx() graph: GraphContext): Promise<RealmDomain | null> {
    const row = await graph.services.realmDomains.find(await graph.enter(realm.id));
    return row ? present(row) : null;
  }

  @FieldResolver(() => RelyingPartyPlanObject, {
    description:
      'Which passkeys would go on working after a change; nothing is changed. Needs credentials:read.',
  })
  async relyingPartyPlan(
    @Root() realm: Realm,
    @Ctx() graph: GraphContext,
    @Arg('input', () => RelyingPartyPlanInput) input: RelyingPartyPlanInput,
  ): Promise<RelyingPartyPlanObject> {
    return graph.services.relyingPartyPlan.plan(await graph.enter(realm.id), { ...input });
  }

  @Mutation(() => RealmDomainPayload, {
    description: 'Asks for a domain; it counts once it is verified. Needs realms:update.',
  })
  setRealmDomain(
    @Ctx() graph: GraphContext,
    @Arg('input', () => SetRealmDomainInput) input: SetRealmDomainInput,
  ): Promise<RealmDomainPayload> {
    return answer(async () => {
      const ctx = await graph.enter(input.realmId);
      return {
        domain: await graph.services.realmDomains.set(ctx, { domain: input.domain }),
        warnings: [],
      };
    });
  }

  @Mutation(() => RealmDomainPayload, {
    description: 'Asks the domain whether it leads to this server. Needs realms:update.',
  })
  verifyRealmDomain(
    @Ctx() graph: GraphContext,
    @Arg('input', () => RealmDomainInput) input: RealmDomainInput,
  ): Promise<RealmDomainPayload> {
    return answer(async () => graph.services.realmDomains.verify(await graph.enter(input.realmId)));
  }

  @Mutation(() => RealmDomainPayload, {
    description:
      'Strands the passkeys of the domain; refused with ADMIN_LOCKOUT where that leaves no administrator. Needs realms:update.',
  })
  removeRealmDomain(
    @Ctx() graph: GraphContext,
    @Arg('input', () => RealmDomainInput) input: RealmDomainInput,
  ): Promise<RealmDomainPayload> {
    return answer(async () => graph.services.realmDomains.remove(await graph.enter(input.realmId), {}));
  }
}

async function answer(run: () => Promise<DomainChanged>): Promise<RealmDomainPayload> {
  const made = await payload(async () => {
    const { domain, warnings } = await run();
    return { domain: domain && present(domain), warnings };
  });
  return { ...made, warnings: made.warnings ?? [] };
}

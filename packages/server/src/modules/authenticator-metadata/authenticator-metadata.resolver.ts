import { Ctx, Field, FieldResolver, Int, ObjectType, Resolver } from 'type-graphql';
import type { GraphContext } from '../../protocols/graphql/context.js';
import { DateTimeScalar } from '../../protocols/graphql/scalars.js';
import { Tenant } from '../tenants/tenants.object.js';
import type { MetadataRow } from './authenticator-metadata.service.js';

@ObjectType({
  description:
    'What the FIDO Alliance says of models of authenticators: what an attestation is checked against. The operator takes it in for the whole installation.',
})
class AuthenticatorMetadata {
  @Field(() => Int, { description: 'The number of the file; each has a higher one than the last.' })
  number!: number;
  @Field(() => DateTimeScalar, { description: 'When a newer file is due; what is overdue may be outdated.' })
  nextUpdate!: Date;
  @Field(() => DateTimeScalar)
  importedAt!: Date;
  @Field(() => String)
  importedByName!: string;
  @Field(() => Int, { description: 'How many models it knows.' })
  entries!: number;
}

const present = (row: MetadataRow): AuthenticatorMetadata => ({
  number: row.number,
  nextUpdate: row.next_update,
  importedAt: row.imported_at,
  importedByName: row.imported_by_name,
  entries: row.entries,
});

@Resolver(() => Tenant)
export class AuthenticatorMetadataResolver {
  @FieldResolver(() => AuthenticatorMetadata, {
    nullable: true,
    description: 'Null until the operator took it in. Needs authenticator-configs:read.',
  })
  async authenticatorMetadata(@Ctx() graph: GraphContext): Promise<AuthenticatorMetadata | null> {
    const row = await graph.services.authenticatorMetadata.find(await graph.enterAdmin());
    return row ? present(row) : null;
  }
}

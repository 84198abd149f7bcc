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
import type { GraphContext } from '../../protocols/graphql/context.js';
import { payload, UserError } from '../../protocols/graphql/errors.js';
import { DateTimeScalar } from '../../protocols/graphql/scalars.js';
import { Application, presentApplication } from './applications.object.js';
import type { SecretRow } from './secrets.service.js';

@ObjectType({ description: 'What may be shown of a client secret after it was shown once.' })
export class ClientSecret {
  @Field(() => ID)
  id!: string;
  @Field(() => String, { description: 'Its last four characters.' })
  hint!: string;
  @Field(() => DateTimeScalar)
  createdAt!: Date;
  @Field(() => DateTimeScalar, { nullable: true, description: 'null: it lives until it is revoked.' })
  expiresAt!: Date | null;
  @Field(() => DateTimeScalar, { nullable: true, description: 'Written at most once a minute.' })
  lastUsedAt!: Date | null;
}

@InputType()
class CreateApplicationSecretInput {
  @Field(() => ID)
  realmId!: string;
  @Field(() => ID)
  applicationId!: string;
  @Field(() => Int, {
    nullable: true,
    description: '3,600 to 157,680,000 (five years); it lives until it is revoked unless said.',
  })
  expiresInSeconds?: number | null;
}

@InputType()
class RevokeApplicationSecretInput {
  @Field(() => ID)
  realmId!: string;
  @Field(() => ID)
  applicationId!: string;
  @Field(() => ID)
  secretId!: string;
}

@ObjectType()
class CreateApplicationSecretPayload {
  @Field(() => ClientSecret, { nullable: true })
  secret?: ClientSecret | null;
  @Field(() => String, { nullable: true, description: 'Shown this once.' })
  clientSecret?: string | null;
  @Field(() => [UserError])
  errors!: UserError[];
}

@ObjectType()
class RevokeApplicationSecretPayload {
  @Field(() => Application, { nullable: true })
  application?: Application | null;
  @Field(() => [UserError])
  errors!: UserError[];
}

const presentSecret = (row: SecretRow): ClientSecret => ({
  id: row.id,
  hint: row.hint,
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  lastUsedAt: row.last_used_at,
});

@Resolver(() => Application)
export class ApplicationSecretsResolver {
  @FieldResolver(() => [ClientSecret], { description: 'Those that count now. Needs applications:read.' })
  async secrets(@Root() application: Application, @Ctx() graph: GraphContext): Promise<ClientSecret[]> {
    const ctx = await graph.enter(application.realmId);
    const loader = graph.loader(`secrets ${application.realmId}`, (ids: readonly string[]) =>
      graph.services.applicationSecrets.ofMany(ctx, ids),
    );
    return (await loader.load(application.id)).map(presentSecret);
  }

  @Mutation(() => CreateApplicationSecretPayload, {
    description: 'Beside at most one other live one. Needs applications:read-secrets.',
  })
  createApplicationSecret(
    @Ctx() graph: GraphContext,
    @Arg('input', () => CreateApplicationSecretInput) input: CreateApplicationSecretInput,
  ): Promise<CreateApplicationSecretPayload> {
    return payload(async () => {
      const ctx = await graph.enter(input.realmId);
      const made = await graph.services.applicationSecrets.create(ctx, input);
      return { secret: presentSecret(made.row), clientSecret: made.secret };
    });
  }

  @Mutation(() => RevokeApplicationSecretPayload, {
    description: 'From now on it proves nothing; tokens that were issued live on. Needs applications:update.',
  })
  revokeApplicationSecret(
    @Ctx() graph: GraphContext,
    @Arg('input', () => RevokeApplicationSecretInput) input: RevokeApplicationSecretInput,
  ): Promise<RevokeApplicationSecretPayload> {
    return payload(async () => {
      const ctx = await graph.enter(input.realmId);
      return {
        application: presentApplication(await graph.services.applicationSecrets.revoke(ctx, input)),
      };
    });
  }
}

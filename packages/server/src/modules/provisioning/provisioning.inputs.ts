import { ArgsType, Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { ConnectionArgs } from '../../protocols/graphql/connection.js';
import { UserError } from '../../protocols/graphql/errors.js';
import { DateTimeScalar } from '../../protocols/graphql/scalars.js';
import { ProvisioningClient } from './provisioning.object.js';
import type { StatusClass } from './provisioning.types.js';

const StatusClasses: { [S in StatusClass]: S } = {
  SUCCESS: 'SUCCESS',
  REDIRECTION: 'REDIRECTION',
  CLIENT_ERROR: 'CLIENT_ERROR',
  SERVER_ERROR: 'SERVER_ERROR',
};
registerEnumType(StatusClasses, { name: 'HttpStatusClass', description: 'RFC 9110, section 15.' });

@InputType()
export class ProvisioningRequestFilter {
  @Field(() => ID, { nullable: true })
  clientId?: string | null;
  @Field(() => String, { nullable: true, description: 'For example PATCH.' })
  method?: string | null;
  @Field(() => StatusClasses, { nullable: true })
  statusClass?: StatusClass | null;
  @Field(() => Boolean, { nullable: true, description: 'Only what changed something.' })
  effectOnly?: boolean | null;
  @Field(() => DateTimeScalar, { nullable: true })
  since?: Date | null;
  @Field(() => DateTimeScalar, { nullable: true })
  until?: Date | null;
}

@ArgsType()
export class ProvisioningRequestsArgs extends ConnectionArgs {
  @Field(() => ProvisioningRequestFilter, { nullable: true })
  filter?: ProvisioningRequestFilter | null;
}

@InputType({ description: 'A field left out stays; null switches a limit off.' })
export class UpdateProvisioningClientInput {
  @Field(() => ID)
  realmId!: string;
  @Field(() => ID)
  clientId!: string;
  @Field(() => Int, { nullable: true })
  ifVersion?: number | null;
  @Field(() => Boolean, { nullable: true })
  adoptsUnowned?: boolean | null;
  @Field(() => Boolean, { nullable: true })
  dryRun?: boolean | null;
  @Field(() => Int, { nullable: true, description: '0 to 1,000,000.' })
  maxCount?: number | null;
  @Field(() => Int, { nullable: true, description: '1 to 100.' })
  maxPercent?: number | null;
  @Field(() => Int, { nullable: true, description: '1 to 1,440.' })
  windowMinutes?: number | null;
}

@InputType()
export class ProvisioningBrakeInput {
  @Field(() => ID)
  realmId!: string;
  @Field(() => ID)
  clientId!: string;
  @Field(() => Int, { nullable: true })
  ifVersion?: number | null;
}

@ObjectType()
export class ProvisioningClientPayload {
  @Field(() => ProvisioningClient, { nullable: true })
  client?: ProvisioningClient | null;
  @Field(() => [UserError])
  errors!: UserError[];
}

import { Field, Float, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { now } from '../../kernel/clock.js';
import { connectionOf } from '../../protocols/graphql/connection.js';
import { DateTimeScalar } from '../../protocols/graphql/scalars.js';
import { type ClientRow, type RequestRow, stateOf } from './provisioning.service.js';
import type { BrakeState } from './provisioning.types.js';

const BrakeStates: { [S in BrakeState]: S } = {
  RUNNING: 'RUNNING',
  PAUSED: 'PAUSED',
  REJECTED: 'REJECTED',
  RELEASED: 'RELEASED',
};
registerEnumType(BrakeStates, {
  name: 'ProvisioningBrakeState',
  description:
    'RUNNING counts deactivations and deletions. PAUSED refuses them until somebody decides, REJECTED after somebody decided against them. RELEASED lets all of them through for one window.',
});

@ObjectType({
  description:
    'Stops a client that takes access away from too many at once. Only its deactivations and deletions are refused.',
})
export class ProvisioningBrake {
  @Field(() => BrakeStates)
  state!: BrakeState;
  @Field(() => Int, { nullable: true, description: 'In a window; null is no limit.' })
  maxCount!: number | null;
  @Field(() => Int, {
    nullable: true,
    description:
      'Of the active identities of the client, counted above 100 deprovisionings in a window; null is no limit.',
  })
  maxPercent!: number | null;
  @Field(() => Int, { nullable: true, description: 'Null switches the brake off.' })
  windowMinutes!: number | null;
  @Field(() => DateTimeScalar, { nullable: true })
  pausedAt!: Date | null;
  @Field(() => String, { nullable: true, description: 'A sentence; the client was told the same.' })
  pausedReason!: string | null;
  @Field(() => DateTimeScalar, { nullable: true })
  rejectedAt!: Date | null;
  @Field(() => DateTimeScalar, { nullable: true })
  releasedUntil!: Date | null;
  client!: ClientRow;
}

@ObjectType({
  description: 'Who speaks SCIM to this realm: an application, or one of its API tokens by name.',
})
export class ProvisioningClient {
  @Field(() => ID)
  id!: string;
  @Field(() => String)
  displayName!: string;
  @Field(() => ID, { description: 'An application of the Admin Realm.' })
  applicationId!: string;
  @Field(() => String, {
    nullable: true,
    description: 'The name of its API token, which may be rotated; null for the application itself.',
  })
  tokenName!: string | null;
  @Field(() => DateTimeScalar, { description: 'To the minute.' })
  lastSeenAt!: Date;
  @Field(() => Boolean, {
    description:
      'Whether it may take over identities and groups that people made; never those of another client.',
  })
  adoptsUnowned!: boolean;
  @Field(() => Boolean, { description: 'Whether it is answered as if, and nothing of it is kept.' })
  dryRun!: boolean;
  @Field(() => ProvisioningBrake)
  brake!: ProvisioningBrake;
  @Field(() => Int)
  version!: number;
  @Field(() => DateTimeScalar)
  createdAt!: Date;
  @Field(() => DateTimeScalar)
  updatedAt!: Date;
  realmId!: string;
}

export const presentClient = (row: ClientRow): ProvisioningClient => ({
  id: row.id,
  displayName: row.display_name,
  applicationId: row.application_id,
  tokenName: row.token_name === '' ? null : row.token_name,
  lastSeenAt: row.last_seen_at,
  adoptsUnowned: row.adopts_unowned,
  dryRun: row.dry_run,
  brake: {
    state: stateOf(row, now()),
    maxCount: row.max_count,
    maxPercent: row.max_percent,
    windowMinutes: row.window_minutes,
    pausedAt: row.paused_at,
    pausedReason: row.paused_reason,
    rejectedAt: row.rejected_at,
    releasedUntil: row.released_until,
    client: row,
  },
  version: row.version,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  realmId: row.realm_id,
});

@ObjectType('ProvisioningRequest', {
  description: 'One SCIM request and what came of it, without a single value; kept for 90 days.',
})
export class ProvisioningRequestObject {
  @Field(() => ID, { description: 'A UUIDv7: its order is the order in time.' })
  id!: string;
  @Field(() => DateTimeScalar)
  occurredAt!: Date;
  @Field(() => String, { description: 'As in the header X-Request-Id of the answer.' })
  requestId!: string;
  @Field(() => String)
  method!: string;
  @Field(() => String, { description: 'Endpoint, ids and names of attributes; values are left out.' })
  path!: string;
  @Field(() => Int)
  status!: number;
  @Field(() => String, { nullable: true, description: 'RFC 7644, table 9.' })
  scimType!: string | null;
  @Field(() => String, { nullable: true })
  detail!: string | null;
  @Field(() => Float)
  durationMs!: number;
  @Field(() => String, {
    nullable: true,
    description: 'What changed, by the names of attributes; null where nothing did.',
  })
  effect!: string | null;
  @Field(() => Boolean)
  dryRun!: boolean;
  @Field(() => String, { nullable: true })
  resourceKind!: string | null;
  @Field(() => ID, { nullable: true })
  resourceId!: string | null;
  @Field(() => ID, { nullable: true, description: 'Null where nobody was recognised, and for a person.' })
  clientId!: string | null;
  realmId!: string;
}

export const presentRequest = (row: RequestRow): ProvisioningRequestObject => ({
  id: row.id,
  occurredAt: row.occurred_at,
  requestId: row.request_id,
  method: row.method,
  path: row.path,
  status: row.status,
  scimType: row.scim_type,
  detail: row.detail,
  durationMs: row.duration_ms,
  effect: row.effect,
  dryRun: row.dry_run,
  resourceKind: row.resource_kind,
  resourceId: row.resource_id,
  clientId: row.client_id,
  realmId: row.realm_id,
});

export const ProvisioningClientConnection = connectionOf(ProvisioningClient, 'ProvisioningClient');
export const ProvisioningRequestConnection = connectionOf(ProvisioningRequestObject, 'ProvisioningRequest');

@ObjectType({ description: 'The SCIM 2.0 server of a realm, and who speaks to it.' })
export class ScimServer {
  @Field(() => String, { description: 'Base address, for the settings of an identity provider.' })
  endpoint!: string;
  realmId!: string;
}

import type { RealmCtx } from '../../kernel/context.js';
import type { EventRow } from '../events/events.service.js';
import type { IdentityRow } from '../identities/identities.service.js';
import type { OwnPasskey } from '../passkeys/own-passkeys.service.js';
import type { SessionRow } from '../sessions/sessions.service.js';

/** Somebody who came in to their own page; the context acts in their name. */
export interface Entered {
  readonly ctx: RealmCtx;
  readonly identity: IdentityRow;
  readonly session: SessionRow;
}

export const presentPasskey = ({ row, model }: OwnPasskey, usedHere: string) => ({
  id: row.id,
  name: row.name,
  model: model.name,
  icon: model.icon,
  deviceBound: row.device_bound,
  createdAt: row.created_at.toISOString(),
  lastUsedAt: row.last_used_at?.toISOString() ?? null,
  /** The one that opened this page. */
  current: row.id === usedHere,
});

export const presentSession = (row: SessionRow, here: string, applications: readonly string[]) => ({
  id: row.id,
  createdAt: row.created_at.toISOString(),
  lastSeenAt: row.last_seen_at.toISOString(),
  expiresAt: row.expires_at.toISOString(),
  ip: row.ip,
  userAgent: row.user_agent,
  applications,
  current: row.id === here,
});

export const presentSignIn = (row: EventRow, applications: ReadonlyMap<string, string>) => {
  const applicationId: unknown = Reflect.get(Object(row.data), 'applicationId');
  return {
    id: row.id,
    at: row.occurred_at.toISOString(),
    succeeded: row.type === 'authentication.succeeded',
    application: typeof applicationId === 'string' ? (applications.get(applicationId) ?? null) : null,
    ip: row.ip,
    userAgent: row.user_agent,
    /** What support asks for. */
    reference: row.correlation_id,
  };
};

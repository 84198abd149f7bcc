import { DomainError } from '../../kernel/errors.js';
import type { ClientRow, Counted } from './provisioning.queries.js';
import type { BrakeState } from './provisioning.types.js';

/** Below this many deprovisionings in a window a share says nothing: one of two people is 50 %. */
export const PERCENT_FLOOR = 100;

/** Too many, for the first time: the change is refused, and the pause is still to be written down. */
export class BrakeTripped extends DomainError {
  constructor(
    readonly counted: number,
    readonly reason: string,
  ) {
    super('rate_limited', 'PROVISIONING_PAUSED', publicReason(reason));
  }
}

const publicReason = (reason: string): string =>
  `${reason} Deactivations and deletions wait until an administrator releases or rejects them.`;

/** @throws DomainError PROVISIONING_PAUSED for a client that somebody has to decide about, or has decided against */
export function refuseHalted(client: Pick<ClientRow, 'paused_reason' | 'rejected_at'>): void {
  if (client.rejected_at)
    throw new DomainError(
      'forbidden',
      'PROVISIONING_PAUSED',
      'An administrator rejected the deactivations and deletions of this client.',
    );
  if (client.paused_reason !== null)
    throw new DomainError('rate_limited', 'PROVISIONING_PAUSED', publicReason(client.paused_reason));
}

/** Whether nothing has to be counted: switched off, or released for a while. */
export const isOff = (client: Pick<Counted, 'window_minutes' | 'released_until'>, at: Date): boolean =>
  client.window_minutes === null || (client.released_until !== null && client.released_until > at);

/** @throws BrakeTripped */
export function refuseBeyondCount({ counted, max_count: most, window_minutes: minutes }: Counted): void {
  if (most === null || counted <= most) return;
  const reason = `More than ${most} identities would have lost their access within ${minutes} minutes.`;
  throw new BrakeTripped(counted, reason);
}

/**
 * How many identities must still be active for the share not to be too large; undefined where none is asked for.
 * The share is of those that are active and those that were counted.
 */
export function neededActive({ counted, max_percent: share }: Counted): number | undefined {
  if (share === null || counted <= PERCENT_FLOOR) return undefined;
  return Math.ceil((counted * (100 - share)) / share);
}

export const beyondShare = ({ counted, max_percent: share, window_minutes: minutes }: Counted) =>
  new BrakeTripped(
    counted,
    `More than ${share} % of the identities of this client would have lost their access within ${minutes} minutes.`,
  );

export function stateOf(
  client: Pick<ClientRow, 'paused_at' | 'rejected_at' | 'released_until'>,
  at: Date,
): BrakeState {
  if (client.rejected_at) return 'REJECTED';
  if (client.paused_at) return 'PAUSED';
  return client.released_until && client.released_until > at ? 'RELEASED' : 'RUNNING';
}

import { z } from 'zod';
import { now } from '../../kernel/clock.js';
import { DomainError } from '../../kernel/errors.js';
import { isMailable } from '../mail/mail.types.js';
import { type BindingJobRow, OPEN } from './binding-jobs.queries.js';

const MOST_RESENDS = 5;
const RESEND_PAUSE_SECONDS = 60;
/** Passkeys refused under one link: whoever was refused so often will not succeed with the next try. */
export const MOST_REFUSALS = 10;

export const RESENDABLE: ReadonlySet<string> = new Set([...OPEN, 'EXPIRED', 'FAILED_TO_SEND']);

/** EXPIRED is a matter of the clock, whether or not anyone has written it down. */
export const statusOf = (row: BindingJobRow): BindingJobRow['status'] =>
  OPEN.includes(row.status) && row.expires_at <= now() ? 'EXPIRED' : row.status;

/** Why a link was made that a person made for themselves, on their own page. */
export const OWN_PAGE = 'Another passkey, from the own page';

/** The secret of a link that is worth something only while a session lasts: the session is named behind it. */
export const secretWithin = (secret: string, sessionId: string): string => `${secret}_${sessionId}`;

/** @returns undefined for a link that hangs on no session */
export const sessionOf = (token: string): string | undefined =>
  /^[\w-]{43}_([0-9a-f-]{36})$/.exec(token)?.[1];

/** How long a link lives, in seconds. */
export const lifetime = z
  .number()
  .int()
  .min(60, 'At least 60 seconds.')
  .max(30 * 86_400, 'At most 30 days.')
  .nullish();

/** @throws DomainError EMAIL_MISSING for a person without an address that mail can go to */
export function addressOf(identity: { email: string | null }): string {
  if (identity.email !== null && isMailable(identity.email)) return identity.email;
  throw new DomainError(
    'invalid',
    'EMAIL_MISSING',
    identity.email === null
      ? 'This identity has no e-mail address. Give it one, or hand the link over yourself.'
      : 'No mail can be sent to the e-mail address of this identity.',
    { path: ['identityId'] },
  );
}

/** @throws DomainError LIMIT_REACHED or TOO_SOON, which says from when on */
export function refuseTooOften(row: BindingJobRow): void {
  if (row.resends >= MOST_RESENDS)
    throw new DomainError(
      'conflict',
      'LIMIT_REACHED',
      `This link was sent again ${MOST_RESENDS} times already. Make a new one.`,
    );
  if (row.resent_at === null) return;
  const again = new Date(row.resent_at.getTime() + RESEND_PAUSE_SECONDS * 1000);
  if (again > now())
    throw new DomainError(
      'conflict',
      'TOO_SOON',
      `This link was sent again a moment ago. It can be sent again from ${again.toISOString()} on.`,
    );
}

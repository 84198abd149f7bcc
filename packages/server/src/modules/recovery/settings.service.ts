import { z } from 'zod';
import type { ExistingPasskeys } from '../../database/schema-recovery.js';
import { now } from '../../kernel/clock.js';
import type { Db, Runner, Tx } from '../../kernel/command.js';
import { type RealmCtx, type RealmRef, requireScope } from '../../kernel/context.js';
import { invalid, versionMismatch } from '../../kernel/errors.js';
import { ifVersion } from '../../kernel/text.js';
import * as queries from './settings.queries.js';

export interface RecoverySettings {
  readonly emailLink: boolean;
  /** Minutes between the request and the link. */
  readonly waitingMinutes: number;
  /** Null for as long as nobody chose. */
  readonly existingPasskeys: ExistingPasskeys | null;
  readonly version: number;
}

const UNTOUCHED: RecoverySettings = {
  emailLink: false,
  waitingMinutes: 60,
  existingPasskeys: null,
  version: 1,
};

const LONGEST_MINUTES = 7 * 24 * 60;
/** Of the Admin Realm, where one mailbox is the way to everything: long enough that somebody reads the notice. */
const SHORTEST_OF_ADMINISTRATORS = 60;

const presented = (row: queries.SettingsRow): RecoverySettings => ({
  emailLink: row.email_link,
  waitingMinutes: row.waiting_minutes,
  existingPasskeys: row.existing_passkeys,
  version: row.version,
});

const input = z.object({
  emailLink: z.boolean().nullish(),
  waitingMinutes: z
    .number()
    .int()
    .min(0, 'At least 0 minutes.')
    .max(LONGEST_MINUTES, 'At most 10,080 minutes, which are 7 days.')
    .nullish(),
  existingPasskeys: z.enum(['KEEP', 'REVOKE']).nullish(),
  ifVersion,
});

/** @throws DomainError INVALID_INPUT */
function check(wanted: Omit<RecoverySettings, 'version'>, realm: RealmRef): void {
  if (!wanted.emailLink) return;
  if (wanted.existingPasskeys === null)
    throw invalid('Choose what becomes of the old passkeys: KEEP or REVOKE.', 'existingPasskeys');
  if (realm.kind === 'ADMIN' && wanted.waitingMinutes < SHORTEST_OF_ADMINISTRATORS)
    throw invalid('In the Admin Realm the waiting time is at least 60 minutes.', 'waitingMinutes');
}

export type RecoverySettingsService = ReturnType<typeof createRecoverySettingsService>;

export function createRecoverySettingsService({ db, command }: { db: Db; command: Runner }) {
  const find = async (source: Db | Tx, realmId: string): Promise<RecoverySettings> => {
    const row = await queries.selectSettings(source, realmId);
    return row ? presented(row) : UNTOUCHED;
  };

  return {
    /** Not for callers of an API: it asks for no scope. */
    find,

    /** Whether people may help themselves: what hosted pages show to everyone. */
    offers: async (realmId: string): Promise<boolean> => (await find(db, realmId)).emailLink,

    get(ctx: RealmCtx): Promise<RecoverySettings> {
      requireScope(ctx, 'realms:read');
      return find(db, ctx.realm.id);
    },

    /** What is not given stays. Requests that wait already go on as they were told, unless it is switched off. */
    update: command({
      name: 'recovery.updateSettings',
      scope: 'realms:update',
      input,
      body: async (work, given): Promise<RecoverySettings> => {
        const row = await queries.lockSettings(work.tx, work.ctx.realm.id);
        if (given.ifVersion != null && given.ifVersion !== row.version)
          throw versionMismatch('recovery setting');
        const before = presented(row);
        const wanted = {
          emailLink: given.emailLink ?? before.emailLink,
          waitingMinutes: given.waitingMinutes ?? before.waitingMinutes,
          existingPasskeys: given.existingPasskeys ?? before.existingPasskeys,
        };
        check(wanted, work.ctx.realm);
        const changed = (Object.keys(wanted) as (keyof typeof wanted)[]).filter(
          (key) => wanted[key] !== before[key],
        );
        if (changed.length === 0) {
          work.unchanged();
          return before;
        }
        const { id, displayName } = work.ctx.realm;
        work.record(
          'recovery_settings.updated',
          { changed },
          { subject: { kind: 'REALM', id, name: displayName } },
        );
        const updated = await queries.updateSettings(work.tx, row, {
          email_link: wanted.emailLink,
          waiting_minutes: wanted.waitingMinutes,
          existing_passkeys: wanted.existingPasskeys,
          updated_at: now(),
        });
        return presented(updated);
      },
    }),
  };
}

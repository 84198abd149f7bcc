import { z } from 'zod';
import { now } from '../../kernel/clock.js';
import type { Db, Runner } from '../../kernel/command.js';
import { type RealmCtx, requireScope } from '../../kernel/context.js';
import { invalid, versionMismatch } from '../../kernel/errors.js';
import { ifVersion } from '../../kernel/text.js';
import { ABSOLUTE_SECONDS, type SessionSettings } from './sessions.types.js';
import {
  deleteEnded,
  lockSettings,
  type SettingsRow,
  selectSettings,
  updateSettings,
} from './settings.queries.js';

const SHORTEST = 300;
const LONGEST = 31_536_000;

const seconds = z
  .number()
  .int()
  .min(SHORTEST, 'At least 300 seconds.')
  .max(LONGEST, 'At most 31,536,000 seconds.');

/** How long sessions of a realm last; a change holds at once, for those that are open too. */
export function createSessionSettingsService({ db, command }: { db: Db; command: Runner }) {
  async function find(realmId: string): Promise<SessionSettings> {
    const row = await selectSettings(db, realmId);
    return row ? settingsOf(row) : { absoluteSeconds: ABSOLUTE_SECONDS, idleSeconds: null, version: 1 };
  }

  return {
    /** For the engine, which asks in nobody's name. */
    find,

    async get(ctx: RealmCtx): Promise<SessionSettings> {
      requireScope(ctx, 'realms:read');
      return find(ctx.realm.id);
    },

    update: command({
      name: 'sessions.updateSettings',
      scope: 'realms:update',
      /** What is undefined stays; `idleSeconds: null` takes the limit away. */
      input: z.object({ absoluteSeconds: seconds.nullish(), idleSeconds: seconds.nullish(), ifVersion }),
      body: async (work, input): Promise<SessionSettings> => {
        const row = await lockSettings(work.tx, work.ctx.realm.id, {
          absolute_seconds: ABSOLUTE_SECONDS,
          idle_seconds: null,
        });
        if (input.ifVersion != null && input.ifVersion !== row.version)
          throw versionMismatch('realm’s session settings');
        const wanted = {
          absolute_seconds: input.absoluteSeconds ?? row.absolute_seconds,
          idle_seconds: input.idleSeconds === undefined ? row.idle_seconds : input.idleSeconds,
        };
        if (wanted.idle_seconds !== null && wanted.idle_seconds > wanted.absolute_seconds)
          throw invalid('The idle limit can’t be longer than the whole session.', 'idleSeconds');
        const changed = [
          ...(wanted.absolute_seconds === row.absolute_seconds ? [] : ['absoluteSeconds']),
          ...(wanted.idle_seconds === row.idle_seconds ? [] : ['idleSeconds']),
        ];
        if (changed.length === 0) {
          work.unchanged();
          return settingsOf(row);
        }
        const { realm } = work.ctx;
        await deleteEnded(work.tx, realm.id);
        const updated = await updateSettings(work.tx, row, { ...wanted, updated_at: now() });
        await deleteEnded(work.tx, realm.id);
        work.record(
          'session_settings.updated',
          {
            changed,
            absoluteSeconds: updated.absolute_seconds,
            idleSeconds: updated.idle_seconds,
          },
          { subject: { kind: 'REALM', id: realm.id, name: realm.displayName } },
        );
        return settingsOf(updated);
      },
    }),
  };
}

const settingsOf = (row: SettingsRow): SessionSettings => ({
  absoluteSeconds: row.absolute_seconds,
  idleSeconds: row.idle_seconds,
  version: row.version,
});

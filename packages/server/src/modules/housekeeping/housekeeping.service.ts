import { now } from '../../kernel/clock.js';
import type { Db } from '../../kernel/command.js';

const EXPIRING = ['challenges', 'oidc_models', 'revoked_tokens', 'sessions'] as const;

/** Rows that are over are never believed, swept or not; sweeping only keeps the tables small. */
export function createHousekeepingService({ db }: { db: Db }) {
  return {
    async sweep(): Promise<void> {
      for (const table of EXPIRING) await db.deleteFrom(table).where('expires_at', '<', now()).execute();
    },
  };
}

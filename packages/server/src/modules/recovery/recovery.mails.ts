import { now } from '../../kernel/clock.js';
import type { IdentitiesService } from '../identities/identities.service.js';
import { recoveryCompletedLetter, recoveryRequestedLetter } from '../mail/letters.service.js';
import type { MailRow, MailSource, Prepared } from '../mail/mail.types.js';
import type { PasskeysService } from '../passkeys/passkeys.service.js';
import { lockRequest, selectRequest } from './recovery.queries.js';

interface Deps {
  identities: Pick<IdentitiesService, 'findRow' | 'lockAlone'>;
  passkeys: Pick<PasskeysService, 'findRow'>;
  publicUrl: string;
}

/** The notices of a recovery: to each address, with a link that ends it. */
export function createRecoveryMails({ identities, passkeys, publicUrl }: Deps) {
  /** The token is behind `#`, so that no server sees it and nothing that only looks at links stops anything. */
  const stopLink = (row: MailRow, token: string): string =>
    `${publicUrl}/realms/${row.realm_id}/recover/stop#token=${token}`;

  const idOf = (row: MailRow): string => {
    if (row.recovery_request_id === null) throw new Error(`mail ${row.id} is about no recovery`);
    return row.recovery_request_id;
  };

  const about = (prepare: MailSource['prepare']): MailSource => ({
    prepare,
    async lock(work, row) {
      const seen = await selectRequest(work.tx, row.realm_id, idOf(row));
      if (seen) await identities.lockAlone(work, seen.identity_id);
      await lockRequest(work.tx, row.realm_id, idOf(row));
    },
    // The outbox tells of both; what the notice is about goes on.
    sent: async () => undefined,
    failed: async () => undefined,
  });

  return {
    requested: about(async (tx, row, token): Promise<Prepared> => {
      const request = await selectRequest(tx, row.realm_id, idOf(row));
      const identity = request && (await identities.findRow(tx, row.realm_id, request.identity_id));
      if (!identity || (request.status !== 'WAITING' && request.status !== 'READY')) return { over: true };
      const letter = {
        name: identity.display_name,
        stopLink: stopLink(row, token),
        readyAt: request.ready_at,
        revokes: request.existing_passkeys === 'REVOKE',
        waits: request.ready_at > now(),
      };
      return { write: (theme) => recoveryRequestedLetter(letter, theme) };
    }),

    completed: about(async (tx, row, token): Promise<Prepared> => {
      const request = await selectRequest(tx, row.realm_id, idOf(row));
      if (request?.status !== 'COMPLETED' || request.passkey_id === null || request.undo_until === null)
        return { over: true };
      const identity = await identities.findRow(tx, row.realm_id, request.identity_id);
      const passkey = await passkeys.findRow(tx, row.realm_id, request.passkey_id);
      if (!identity || !passkey) return { over: true };
      const letter = {
        name: identity.display_name,
        undoLink: stopLink(row, token),
        until: request.undo_until,
        passkeyName: passkey.name,
        revoked: request.existing_passkeys === 'REVOKE',
      };
      return { write: (theme) => recoveryCompletedLetter(letter, theme) };
    }),
  };
}

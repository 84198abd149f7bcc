import { z } from 'zod';
import { now } from '../../kernel/clock.js';
import type { Db, Runner, Work } from '../../kernel/command.js';
import { type RealmCtx, selfOf } from '../../kernel/context.js';
import { DomainError, notFound } from '../../kernel/errors.js';
import { anyone } from '../../kernel/permissions.js';
import { id, line } from '../../kernel/text.js';
import type { IdentitiesService, IdentityRow } from '../identities/identities.service.js';
import type { AccessGuard, Warning } from '../tenants/lockout.types.js';
import { type CredentialModel, modelOf } from './models.js';
import * as own from './own-passkeys.queries.js';
import * as queries from './passkeys.queries.js';
import { userHandle } from './webauthn.js';

interface Deps {
  db: Db;
  command: Runner;
  sessions: { endOpenedBy(work: Work, passkeyId: string): Promise<number> };
  identities: Pick<IdentitiesService, 'lockAlone'>;
  guard: AccessGuard;
}

/** What a browser should know of a person's passkeys (WebAuthn Level 3, section 5.1.10). */
export interface KnownPasskeys {
  /** The user handle, base64url. */
  readonly userId: string;
  readonly name: string;
  readonly displayName: string;
  /** Every relying-party id that the person ever had a passkey of, with those that still count. */
  readonly accepted: readonly { readonly rpId: string; readonly credentialIds: readonly string[] }[];
}

/** A passkey with the model that it says it is of. */
export interface OwnPasskey {
  readonly row: queries.PasskeyRow;
  readonly model: CredentialModel;
}

export type OwnPasskeysService = ReturnType<typeof createOwnPasskeysService>;

/** What people do with their own passkeys; the caller of each is the person. */
export function createOwnPasskeysService({ db, command, sessions, identities, guard }: Deps) {
  /** With its lock. @throws DomainError NOT_FOUND alike for another person's and for none */
  async function lockOwn(work: Work, passkeyId: string): Promise<queries.PasskeyRow> {
    const row = await queries.lockPasskey(work.tx, work.ctx.realm.id, passkeyId);
    if (!row || row.identity_id !== selfOf(work.ctx) || row.status !== 'ACTIVE') throw notFound('passkey');
    return row;
  }

  return {
    async list(ctx: RealmCtx): Promise<OwnPasskey[]> {
      const rows = await own.selectOwn(db, ctx.realm.id, selfOf(ctx));
      return rows.map((row) => ({ row, model: modelOf(row.aaguid) }));
    },

    async known(
      identity: Pick<IdentityRow, 'realm_id' | 'id' | 'username' | 'display_name'>,
    ): Promise<KnownPasskeys> {
      const rows = await own.selectIds(db, identity.realm_id, identity.id);
      const byParty = Map.groupBy(rows, (row) => row.relying_party_id);
      return {
        userId: Buffer.from(userHandle(identity.realm_id, identity.id)).toString('base64url'),
        name: identity.username,
        displayName: identity.display_name,
        accepted: [...byParty].map(([rpId, passkeys]) => ({
          rpId,
          credentialIds: passkeys
            .filter(({ status }) => status === 'ACTIVE')
            .map(({ credential_id }) => credential_id.toString('base64url')),
        })),
      };
    },

    rename: command({
      name: 'passkeys.renameOwn',
      scope: anyone,
      input: z.object({ passkeyId: id, name: line(100) }),
      body: async (work, input): Promise<queries.PasskeyRow> => {
        const row = await lockOwn(work, input.passkeyId);
        if (row.name === input.name) {
          work.unchanged();
          return row;
        }
        work.record(
          'credential.renamed',
          { passkeyName: input.name, previousPasskeyName: row.name },
          { subject: { kind: 'CREDENTIAL', id: row.id, name: input.name } },
        );
        return queries.renamePasskey(work.tx, row, input.name, now());
      },
    }),

    /** For ever. The last one only where the person said that they know: without one there is no way back in. */
    remove: command({
      name: 'passkeys.removeOwn',
      scope: anyone,
      input: z.object({ passkeyId: id, evenTheLast: z.boolean().default(false) }) as z.ZodType<{
        passkeyId: string;
        evenTheLast: boolean;
      }>,
      body: async (work, input): Promise<{ warnings: readonly Warning[] }> => {
        await identities.lockAlone(work, selfOf(work.ctx));
        const row = await lockOwn(work, input.passkeyId);
        const left = (await queries.selectActiveOf(work.tx, row.realm_id, row.identity_id)).length - 1;
        if (left === 0 && !input.evenTheLast)
          throw new DomainError(
            'conflict',
            'LAST_PASSKEY',
            'This is your last passkey. Without one you can’t sign in any more. Add another one first, or confirm.',
          );
        const endedSessions = await sessions.endOpenedBy(work, row.id);
        await queries.revokePasskey(work.tx, row, now());
        work.record(
          'credential.revoked',
          { passkeyName: row.name, endedSessions },
          { subject: { kind: 'CREDENTIAL', id: row.id, name: row.name } },
        );
        return { warnings: await guard.check(work) };
      },
    }),
  };
}

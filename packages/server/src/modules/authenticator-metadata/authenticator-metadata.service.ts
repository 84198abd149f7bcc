import { now } from '../../kernel/clock.js';
import { type Db, openWork, type Tx } from '../../kernel/command.js';
import {
  type Actor,
  actorName,
  bareContext,
  type RealmCtx,
  type RealmRef,
  type RequestFacts,
  requireScope,
} from '../../kernel/context.js';
import { DomainError } from '../../kernel/errors.js';
import * as queries from './authenticator-metadata.queries.js';
import type { MetadataModel, MetadataTrust } from './authenticator-metadata.types.js';
import { type Metadata, readBlob } from './blob.js';

export type { MetadataRow } from './authenticator-metadata.queries.js';

interface Deps {
  db: Db;
  realms: { adminRealms(source: Tx): Promise<readonly RealmRef[]> };
  trust: MetadataTrust;
}

export type AuthenticatorMetadataService = ReturnType<typeof createAuthenticatorMetadataService>;

/** What the FIDO Alliance says of models of authenticators; one file for the whole installation. */
export function createAuthenticatorMetadataService({ db, realms, trust }: Deps) {
  /** Told to the administrators of every tenant: what they trust changed. */
  async function record(tx: Tx, facts: RequestFacts, actor: Actor, made: queries.MetadataRow) {
    for (const realm of await realms.adminRealms(tx)) {
      const { work, flush } = openWork(bareContext(facts, actor, realm), tx);
      work.record('metadata.imported', {
        number: made.number,
        nextUpdate: made.next_update.toISOString(),
        entries: made.entries,
      });
      await flush();
    }
  }

  async function keep(tx: Tx, facts: RequestFacts, actor: Actor, { number, nextUpdate, models }: Metadata) {
    const made = await queries.upsertMetadata(tx, {
      number,
      next_update: nextUpdate,
      imported_at: now(),
      imported_by_name: actorName(actor),
      entries: models.length,
    });
    if (!made) return undefined;
    await queries.replaceModels(
      tx,
      models.map(({ aaguid, description, icon, statusReports, statement }) => ({
        aaguid,
        description,
        icon,
        status_reports: JSON.stringify(statusReports),
        statement: JSON.stringify(statement),
      })),
    );
    await record(tx, facts, actor, made);
    return made;
  }

  return {
    /**
     * Takes a file in, whole: for the operator of the installation, who needs no scope.
     *
     * @throws DomainError INVALID_INPUT for a file that is not to be believed, WRONG_STATE for one that is older
     */
    async import(
      facts: RequestFacts,
      actor: Actor,
      blob: string,
    ): Promise<{ metadata: queries.MetadataRow; changed: boolean }> {
      const read = await readBlob(blob, trust, now());
      return db.transaction().execute(async (tx) => {
        const made = await keep(tx, facts, actor, read);
        if (made) return { metadata: made, changed: true };
        const known = await queries.selectMetadata(tx);
        if (!known || known.number > read.number)
          throw new DomainError(
            'conflict',
            'WRONG_STATE',
            `This file has number ${read.number}; number ${known?.number} is known already.`,
          );
        return { metadata: known, changed: false };
      });
    },

    /** Without a scope, for the operator. */
    current: (): Promise<queries.MetadataRow | undefined> => queries.selectMetadata(db),

    async find(ctx: RealmCtx): Promise<queries.MetadataRow | undefined> {
      requireScope(ctx, 'authenticator-configs:read');
      return queries.selectMetadata(db);
    },

    /** Not for callers of an API: it asks for no scope. */
    async model(source: Db | Tx, aaguid: string): Promise<MetadataModel | undefined> {
      const row = await queries.selectModel(source, aaguid);
      if (!row) return undefined;
      const { description, icon, status_reports: statusReports, statement } = row;
      return { aaguid, description, icon, statusReports, statement };
    },
  };
}

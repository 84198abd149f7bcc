import { z } from 'zod';
import { now } from '../../kernel/clock.js';
import type { Db, Runner, Work } from '../../kernel/command.js';
import { type RealmCtx, requireScope } from '../../kernel/context.js';
import { id, line } from '../../kernel/text.js';
import type { IdentitiesService } from '../identities/identities.service.js';
import type { RolesService } from '../roles/roles.service.js';
import type { AccessGuard, Warning } from '../tenants/lockout.types.js';
import { modelOf } from './models.js';
import * as queries from './revocation.queries.js';

interface Deps {
  db: Db;
  command: Runner;
  sessions: {
    endOpenedByMany(work: Work, passkeyIds: readonly string[]): Promise<ReadonlyMap<string, number>>;
  };
  identities: Pick<IdentitiesService, 'lockAlone'>;
  roles: Pick<RolesService, 'refuseMorePowerful'>;
  deletion: { revokeKeptOfModel(work: Work, aaguid: string): Promise<number> };
  guard: AccessGuard;
}

/** Passkeys of one call; the caller asks again until none is left. */
const AT_ONCE = 1_000;
/** Passkeys of one transaction, so that nobody waits long for a lock. */
const BATCH = 100;
const SHOWN = 100;

export interface ModelRevocation {
  readonly revoked: number;
  readonly endedSessions: number;
  /** How many active passkeys of the model there still are. */
  readonly left: number;
  readonly warnings: readonly Warning[];
}

interface Batch extends Omit<ModelRevocation, 'left'> {
  readonly found: number;
}

const input = z.object({
  /** Of the model; all zeros for those that are not attested. */
  aaguid: id,
  reason: line(200).nullish(),
  size: z.number().int().positive(),
});

/** All passkeys of a model, such as one that turned out to be weak. */
export function createRevocationService(deps: Deps) {
  const { db, command, sessions, identities, roles, deletion, guard } = deps;

  /** Identities before their passkeys, each in the order of ids: as everyone else who takes both. */
  async function lockSome(work: Work, aaguid: string, size: number) {
    const { tx, ctx } = work;
    const some = await queries.selectSomeOfModel(tx, ctx.realm.id, aaguid, size);
    for (const identityId of [...new Set(some.map((row) => row.identity_id))].sort()) {
      await identities.lockAlone(work, identityId);
      await roles.refuseMorePowerful(work, identityId);
    }
    const ids = some.map((row) => row.id);
    return { found: some.length, rows: await queries.lockActive(tx, ctx.realm.id, ids) };
  }

  async function revokeBatch(work: Work, wanted: z.infer<typeof input>): Promise<Batch> {
    const { tx, ctx } = work;
    const { found, rows } = await lockSome(work, wanted.aaguid, wanted.size);
    // After the locks: a deletion that was under way has left its passkeys there by now.
    await deletion.revokeKeptOfModel(work, wanted.aaguid);
    if (rows.length === 0) {
      work.unchanged();
      return { found, revoked: 0, endedSessions: 0, warnings: [] };
    }
    const ids = rows.map((row) => row.id);
    const ended = await sessions.endOpenedByMany(work, ids);
    await queries.revokeAll(tx, ctx.realm.id, ids, now());
    for (const row of rows)
      work.record(
        'credential.revoked',
        { passkeyName: row.name, endedSessions: ended.get(row.id) ?? 0 },
        { subject: { kind: 'CREDENTIAL', id: row.id, name: row.name } },
      );
    const endedSessions = [...ended.values()].reduce((sum, count) => sum + count, 0);
    work.record(
      'credential_model.revoked',
      {
        aaguid: wanted.aaguid,
        modelName: modelOf(wanted.aaguid).name,
        revoked: rows.length,
        endedSessions,
        reason: wanted.reason ?? null,
      },
      { subject: { kind: 'REALM', id: ctx.realm.id, name: ctx.realm.displayName } },
    );
    return { found, revoked: rows.length, endedSessions, warnings: await guard.check(work) };
  }

  const batch = command({
    name: 'passkeys.revokeOfModel',
    scope: 'credentials:revoke',
    input,
    body: revokeBatch,
  });

  return {
    /**
     * Up to 1,000 of them; in the Admin Realm as one transaction, so that a refusal takes all of it back.
     * @throws DomainError ADMIN_LOCKOUT when nobody could sign in to the console any more
     */
    async revokeOfModel(
      ctx: RealmCtx,
      wanted: { aaguid: string; reason?: string | null | undefined },
    ): Promise<ModelRevocation> {
      const size = ctx.realm.kind === 'ADMIN' ? AT_ONCE : BATCH;
      const done = { revoked: 0, endedSessions: 0, warnings: [] as readonly Warning[] };
      for (let tried = 0; tried < AT_ONCE; tried += size) {
        const made = await batch(ctx, { ...wanted, size });
        done.revoked += made.revoked;
        done.endedSessions += made.endedSessions;
        done.warnings = made.warnings;
        if (made.found < size) break;
      }
      return { ...done, left: await queries.countActiveOfModel(db, ctx.realm.id, wanted.aaguid) };
    },

    /** Whom that would reach: exact numbers and the first 100. Nothing is changed. */
    async preview(ctx: RealmCtx, wanted: { aaguid: string }): Promise<queries.Affected> {
      requireScope(ctx, 'credentials:read');
      requireScope(ctx, 'identities:read');
      return queries.selectAffected(db, ctx.realm.id, wanted.aaguid, SHOWN);
    },
  };
}

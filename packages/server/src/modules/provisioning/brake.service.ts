import { z } from 'zod';
import { now } from '../../kernel/clock.js';
import type { Db, Runner, Work } from '../../kernel/command.js';
import { type RealmCtx, requireScope } from '../../kernel/context.js';
import { invalid } from '../../kernel/errors.js';
import { newId } from '../../kernel/ids.js';
import { anyone } from '../../kernel/permissions.js';
import { id, ifVersion } from '../../kernel/text.js';
import * as brake from './brake.js';
import { lockForChange, subjectOf } from './locking.js';
import * as queries from './provisioning.queries.js';

type ClientRow = queries.ClientRow;

const MINUTE = 60_000;
const target = z.object({ clientId: id, ifVersion });

/**
 * The brake of a client that takes access away. It counts without a lock that others would wait for: requests that
 * run at the same moment may overshoot a limit, or a decision, by as many as they are.
 */
export function createBrake({ db, command }: { db: Db; command: Runner }) {
  /** Open to the client itself: it can only stop itself. */
  const pause = command({
    name: 'provisioning.pause',
    scope: anyone,
    input: z.object({ clientId: id, counted: z.number(), reason: z.string() }),
    body: async (work, input) => {
      const row = await lockForChange(work, input.clientId, null);
      const at = now();
      if (brake.stateOf(row, at) !== 'RUNNING') {
        work.unchanged();
        return;
      }
      const paused = { paused_at: at, paused_reason: input.reason, released_until: null };
      const updated = await queries.updateClient(work.tx, row, paused, at);
      const told = { counted: input.counted, reason: input.reason };
      work.record('provisioning.paused', told, { subject: subjectOf(updated), outcome: 'REFUSED' });
    },
  });

  return {
    /**
     * Called in the transaction that deactivates or deletes an identity; does nothing for anyone but a SCIM client.
     * @throws DomainError PROVISIONING_PAUSED, which takes the whole change back
     */
    async countDeprovisioning({ ctx, tx }: Work): Promise<void> {
      if (!ctx.provisioning) return;
      const at = now();
      const key = { realm_id: ctx.realm.id, client_id: ctx.provisioning.clientId };
      const client = await queries.keepDeprovision(tx, { ...key, id: newId() }, at);
      if (!client) throw new Error('the provisioning client of the context does not exist');
      brake.refuseHalted(client);
      if (brake.isOff(client, at)) return;
      brake.refuseBeyondCount(client);
      const needed = brake.neededActive(client);
      if (needed === undefined) return;
      const active = await queries.countActiveUpTo(tx, key.realm_id, key.client_id, needed);
      if (active < needed) throw brake.beyondShare(client);
    },

    /** Runs one change; where it is the one too many, the pause is kept although the change is taken back. */
    async guarded<T>(ctx: RealmCtx, run: () => Promise<T>): Promise<T> {
      try {
        return await run();
      } catch (error) {
        if (error instanceof brake.BrakeTripped && ctx.provisioning && !ctx.dryRun)
          await pause(ctx, {
            clientId: ctx.provisioning.clientId,
            counted: error.counted,
            reason: error.reason,
          });
        throw error;
      }
    },

    /** How many deprovisionings count against the client at this moment. */
    async deprovisionings(ctx: RealmCtx, client: ClientRow): Promise<number> {
      requireScope(ctx, 'realms:read');
      if (client.window_minutes === null) return 0;
      const start = now().getTime() - client.window_minutes * MINUTE;
      const since = new Date(Math.max(start, client.released_until?.getTime() ?? 0));
      return queries.countDeprovisions(db, client.realm_id, client.id, since);
    },

    /** Lets a client go on: nothing is counted from now on for one window. Also ahead of a planned off-boarding. */
    release: command({
      name: 'provisioning.release',
      scope: 'realms:update',
      input: target,
      body: async (work, input): Promise<ClientRow> => {
        const row = await lockForChange(work, input.clientId, input.ifVersion);
        if (row.window_minutes === null && row.paused_at === null)
          throw invalid('The brake of this client is off.', 'clientId');
        const at = now();
        const until = new Date(at.getTime() + (row.window_minutes ?? 0) * MINUTE);
        const running = { paused_at: null, paused_reason: null, rejected_at: null, released_until: until };
        const updated = await queries.updateClient(work.tx, row, running, at);
        const told = { until: until.toISOString(), reason: row.paused_reason };
        work.record('provisioning.released', told, { subject: subjectOf(updated) });
        return updated;
      },
    }),

    /** Decides against what a paused client asked for: refused for good, until it is released after all. */
    reject: command({
      name: 'provisioning.reject',
      scope: 'realms:update',
      input: target,
      body: async (work, input): Promise<ClientRow> => {
        const row = await lockForChange(work, input.clientId, input.ifVersion);
        if (row.paused_at === null) throw invalid('This client is not paused.', 'clientId');
        if (row.rejected_at !== null) {
          work.unchanged();
          return row;
        }
        const at = now();
        const updated = await queries.updateClient(work.tx, row, { rejected_at: at }, at);
        work.record('provisioning.rejected', { reason: row.paused_reason }, { subject: subjectOf(updated) });
        return updated;
      },
    }),
  };
}

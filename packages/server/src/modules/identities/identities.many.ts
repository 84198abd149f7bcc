import { z } from 'zod';
import { now } from '../../kernel/clock.js';
import type { Runner, Work } from '../../kernel/command.js';
import { DomainError } from '../../kernel/errors.js';
import { newId } from '../../kernel/ids.js';
import { ownerAfter } from '../../kernel/provenance.js';
import { id } from '../../kernel/text.js';
import type { AttributeSchemasService } from '../attribute-schemas/attribute-schemas.service.js';
import { changeOf, newProfile, profileOf, subjectOf } from './identities.changes.js';
import * as queries from './identities.many.queries.js';
import type { IdentityRow } from './identities.queries.js';
import { displayNameOf, type Profile, usernameKey } from './identities.types.js';

/** As many as one transaction takes at a time. */
const MOST = 1000;

interface Deps {
  command: Runner;
  attributeSchemas: Pick<AttributeSchemasService, 'checker'>;
}

/** One of many that is what it should be now. */
export interface Done {
  readonly id: string;
  /** The fields that are no longer what they were. */
  readonly changed: readonly string[];
}

/**
 * The plain cases of `create` and `change`, for many identities with a few statements and the same events. What is not
 * plain is left undone and answered with undefined: the command for one says why, or does it.
 */
export function createManyDoors({ command, attributeSchemas }: Deps) {
  /** Nothing that ends access, and nothing that can collide with somebody else. */
  function plainChange(work: Work, row: IdentityRow | undefined, change: (current: Profile) => unknown) {
    if (!row || ownerAfter(work.ctx, row) !== row.provisioned_by) return undefined;
    const { value, changed } = changeOf(row, change(profileOf(row)));
    if (changed.includes('active') || usernameKey(value.username) !== row.username_key) return undefined;
    return { row, value, changed };
  }

  return {
    /** By the form that usernames are compared in, one id each; those of nobody are left out. */
    findIdsByUsernames: queries.selectIdsByUsernames,
    /** One id each, or two where it is ambiguous. */
    findIdsByExternalIds: queries.selectIdsByExternalIds,

    createMany: command({
      name: 'identities.createMany',
      scope: 'identities:create',
      input: z.object({ profiles: z.array(z.unknown()).max(MOST) }),
      /** @returns for each profile in turn the id, or undefined where `create` has to be asked */
      body: async (work, { profiles }): Promise<(string | undefined)[]> => {
        work.unchanged();
        const { realm, provisioning } = work.ctx;
        const faultOf = await attributeSchemas.checker(work);
        const wanted = profiles.map((profile) => {
          const { data } = newProfile.safeParse(profile);
          return data && !faultOf(data.attributes) ? { id: newId(), value: data } : undefined;
        });
        const key = { realm_id: realm.id, provisioned_by: provisioning?.clientId ?? null };
        const made = await queries.insertIdentities(work.tx, key, wanted.filter(isThere));
        return wanted.map((one) => {
          if (!one || !made.has(one.id)) return undefined;
          const subject = subjectOf({ id: one.id, display_name: displayNameOf(one.value) });
          work.record('identity.created', { username: one.value.username }, { subject });
          return one.id;
        });
      },
    }),

    changeMany: command({
      name: 'identities.changeMany',
      scope: 'identities:update',
      input: z.object({
        changes: z
          .array(z.object({ id, change: z.custom<(current: Profile) => unknown>() }))
          .max(MOST)
          .refine((all) => new Set(all.map((one) => one.id)).size === all.length, 'Each id at most once.'),
      }),
      /** @returns for each change in turn what it came to, or undefined where `change` has to be asked */
      body: async (work, { changes }): Promise<(Done | undefined)[]> => {
        work.unchanged();
        const { realm } = work.ctx;
        // There power is compared, of one at a time.
        if (realm.kind === 'ADMIN') return changes.map(() => undefined);
        const ids = changes.map((one) => one.id);
        const rows = await queries.lockIdentities(work.tx, realm.id, ids);
        const byId = new Map(rows.map((row) => [row.id, row]));
        const faultOf = await attributeSchemas.checker(work);
        const wanted = changes.map(({ id: ofWhom, change }) => {
          const planned = unlessRefused(() => plainChange(work, byId.get(ofWhom), change));
          const checked = planned?.changed.includes('attributes')
            ? faultOf(planned.value.attributes)
            : undefined;
          return checked ? undefined : planned;
        });
        const differing = wanted.filter(isThere).filter(({ changed }) => changed.length > 0);
        await queries.updateIdentities(
          work.tx,
          realm.id,
          differing.map(({ row, value }) => ({ id: row.id, value })),
          now(),
        );
        for (const { row, value, changed } of differing)
          work.record(
            'identity.updated',
            { changed },
            { subject: subjectOf({ id: row.id, display_name: displayNameOf(value) }) },
          );
        return wanted.map((one) => one && { id: one.row.id, changed: one.changed });
      },
    }),
  };
}

const isThere = <T>(one: T | undefined): one is T => one !== undefined;

function unlessRefused<T>(attempt: () => T): T | undefined {
  try {
    return attempt();
  } catch (error) {
    if (error instanceof DomainError) return undefined;
    throw error;
  }
}

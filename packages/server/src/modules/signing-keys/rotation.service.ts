import { z } from 'zod';
import { now } from '../../kernel/clock.js';
import type { Db, Runner, Work } from '../../kernel/command.js';
import { bareContext, type RealmCtx, requireScope } from '../../kernel/context.js';
import { DomainError, invalid, notFound, versionMismatch } from '../../kernel/errors.js';
import { newId } from '../../kernel/ids.js';
import { anyone } from '../../kernel/permissions.js';
import { id, ifVersion, line } from '../../kernel/text.js';
import type { RealmsService } from '../realms/realms.service.js';
import * as queries from './signing-keys.queries.js';
import type { SigningKeyRow, SigningKeysService } from './signing-keys.service.js';
import { PUBLISHED_AHEAD, SIGNING_ALGORITHMS, STANDARD, VERIFIES_AFTER } from './signing-keys.types.js';

interface Deps {
  db: Db;
  command: Runner;
  keys: Pick<SigningKeysService, 'make'>;
  realms: Pick<RealmsService, 'find'>;
}

export interface KeySettings {
  readonly algorithm: (typeof SIGNING_ALGORITHMS)[number];
  /** Null: only by hand. */
  readonly rotationDays: number | null;
  readonly version: number;
}

/** What stops working when a key is revoked. */
export interface KeyImpact {
  /** Names of API tokens that it signed, the newest first. */
  readonly apiTokens: readonly string[];
  readonly hasMoreApiTokens: boolean;
  /** When the last access token that it signed has expired by itself; null for a key that never signed. */
  readonly accessTokensUntil: Date | null;
}

const RETIRED_SHOWN = 20;
const TOKENS_SHOWN = 50;
const REALMS_AT_ONCE = 200;
const NOBODY = '00000000-0000-0000-0000-000000000000';

export type KeyRotationService = ReturnType<typeof createKeyRotationService>;

/** When a key that is published may begin to sign. */
export const usableFrom = (row: SigningKeyRow): Date =>
  new Date(row.created_at.getTime() + PUBLISHED_AHEAD * 1000);

/** The life of signing keys: published, signing, verifying, retired. No client that caches them ever sees a failure. */
export function createKeyRotationService({ db, command, keys, realms }: Deps) {
  async function settingsOf(source: Db | Work['tx'], realmId: string): Promise<KeySettings> {
    const row = await queries.selectSettings(source, realmId);
    return row
      ? { algorithm: row.algorithm, rotationDays: row.rotation_days, version: row.version }
      : { ...STANDARD, version: 1 };
  }

  async function makeNext(work: Work): Promise<SigningKeyRow> {
    const { algorithm } = await settingsOf(work.tx, work.ctx.realm.id);
    const next = await keys.make(work, 'NEXT', algorithm);
    work.record('signing_key.created', { keyId: next.id, algorithm }, { subject: subjectOf(next) });
    return next;
  }

  /** The next key signs from now on; the one before verifies, or is out at once. */
  async function takeOver(
    work: Work,
    { current, next, reason }: { current: SigningKeyRow; next: SigningKeyRow; reason: string },
  ): Promise<SigningKeyRow> {
    if (current.status === 'CURRENT') await queries.demoteKey(work.tx, current, now());
    const active = await queries.activateKey(work.tx, next, now());
    work.record(
      'signing_key.rotated',
      { keyId: active.id, previousKeyId: current.id, reason },
      { subject: subjectOf(active) },
    );
    await makeNext(work);
    return active;
  }

  const statusesOf = (rows: readonly SigningKeyRow[]) => ({
    current: rows.find((row) => row.status === 'CURRENT'),
    next: rows.find((row) => row.status === 'NEXT'),
  });

  /** What housekeeping does for one realm: whatever is due, and nothing when another node did it. */
  const tend = command({
    name: 'signing-keys.tend',
    scope: anyone,
    input: z.object({}),
    body: async (work): Promise<void> => {
      work.unchanged();
      const rows = await queries.lockKeys(work.tx, work.ctx.realm.id);
      const { current, next } = statusesOf(rows);
      const { rotationDays } = await settingsOf(work.tx, work.ctx.realm.id);
      if (!next) await makeNext(work);
      else if (current && isOld(current, rotationDays) && usableFrom(next) <= now())
        await takeOver(work, { current, next, reason: 'SCHEDULED' });
      for (const row of rows) if (row.status === 'PREVIOUS') await retireIfSpent(work, row);
    },
  });

  async function retireIfSpent(work: Work, row: SigningKeyRow): Promise<void> {
    const [token] = await queries.selectTokensOf(work.tx, row, now(), 0);
    if (token || (await verifiesUntil(work.tx, row)) > now()) return;
    const retired = await queries.retireKey(work.tx, row, now());
    work.record('signing_key.retired', { keyId: row.id }, { subject: subjectOf(retired) });
  }

  /** Every access token and ID token that it signed has expired then. */
  async function verifiesUntil(source: Db | Work['tx'], row: SigningKeyRow): Promise<Date> {
    const longest = await queries.selectLongestLifetime(source, row.realm_id);
    const from = row.demoted_at ?? now();
    return new Date(from.getTime() + (Math.max(longest, VERIFIES_AFTER) + 60) * 1000);
  }

  return {
    /** All that live, then those that were retired last. */
    async list(ctx: RealmCtx): Promise<SigningKeyRow[]> {
      requireScope(ctx, 'signing-keys:read');
      const living = await queries.selectKeys(db, ctx.realm.id);
      return [...living, ...(await queries.selectRetired(db, ctx.realm.id, RETIRED_SHOWN))];
    },

    async settings(ctx: RealmCtx): Promise<KeySettings> {
      requireScope(ctx, 'signing-keys:read');
      return settingsOf(db, ctx.realm.id);
    },

    async impactOf(ctx: RealmCtx, row: SigningKeyRow): Promise<KeyImpact> {
      requireScope(ctx, 'signing-keys:read');
      const tokens = await queries.selectTokensOf(db, row, now(), TOKENS_SHOWN);
      const signed = row.activated_at !== null && row.status !== 'RETIRED';
      return {
        apiTokens: tokens.slice(0, TOKENS_SHOWN).map(({ name }) => name),
        hasMoreApiTokens: tokens.length > TOKENS_SHOWN,
        accessTokensUntil: signed ? await verifiesUntil(db, row) : null,
      };
    },

    /** Another algorithm is for the next key: the one that waited is replaced, since it never signed. */
    updateSettings: command({
      name: 'signing-keys.updateSettings',
      scope: 'signing-keys:update',
      input: z.object({
        algorithm: z.enum(SIGNING_ALGORITHMS).nullish(),
        rotationDays: z.number().int().min(1, 'At least a day.').max(3650).nullish(),
        ifVersion,
      }),
      body: async (work, input): Promise<KeySettings> => {
        const realmId = work.ctx.realm.id;
        const { next } = statusesOf(await queries.lockKeys(work.tx, realmId));
        const before = await settingsOf(work.tx, realmId);
        if (input.ifVersion != null && input.ifVersion !== before.version)
          throw versionMismatch('key settings');
        const wanted = {
          algorithm: input.algorithm ?? before.algorithm,
          rotationDays: input.rotationDays === undefined ? before.rotationDays : input.rotationDays,
        };
        const changed = (['algorithm', 'rotationDays'] as const).filter((key) => wanted[key] !== before[key]);
        if (changed.length === 0) {
          work.unchanged();
          return before;
        }
        const saved = await queries.upsertSettings(
          work.tx,
          {
            realm_id: realmId,
            algorithm: wanted.algorithm,
            rotation_days: wanted.rotationDays,
            version: before.version + 1,
          },
          now(),
        );
        work.record('signing_key_settings.updated', { changed });
        if (next && next.algorithm !== wanted.algorithm) {
          const retired = await queries.retireKey(work.tx, next, now());
          work.record('signing_key.retired', { keyId: next.id }, { subject: subjectOf(retired) });
          await makeNext(work);
        }
        return { ...wanted, version: saved.version };
      },
    }),

    /** @throws DomainError TOO_SOON while clients may not yet have seen the next key */
    rotate: command({
      name: 'signing-keys.rotate',
      scope: 'signing-keys:update',
      input: z.object({}),
      body: async (work): Promise<SigningKeyRow> => {
        const { current, next } = statusesOf(await queries.lockKeys(work.tx, work.ctx.realm.id));
        if (!current) throw notFound('signing key');
        const from = next && usableFrom(next);
        if (!next || !from || from > now())
          throw new DomainError(
            'precondition',
            'TOO_SOON',
            from
              ? `Clients may not know the next key before ${from.toISOString()}. Rotate then, or revoke the current key if it is not safe.`
              : 'There is no next key yet. It is made within the hour.',
          );
        return takeOver(work, { current, next, reason: 'MANUAL' });
      },
    }),

    /**
     * For a key that somebody else may hold: it is worth nothing from now on, and everything that it signed with it.
     * When it was the current one, the next one takes over at once.
     */
    revoke: command({
      name: 'signing-keys.revoke',
      scope: 'signing-keys:update',
      input: z.object({ keyId: id, reason: line(200) }),
      body: async (work, { keyId, reason }): Promise<SigningKeyRow> => {
        const rows = await queries.lockKeys(work.tx, work.ctx.realm.id);
        const row = rows.find((key) => key.id === keyId);
        if (!row) {
          const retired = await queries.selectRetired(db, work.ctx.realm.id, 1000);
          if (retired.some((key) => key.id === keyId)) throw invalid('This key is retired already.', 'keyId');
          throw notFound('signing key');
        }
        const tokens = await queries.revokeTokensOf(work.tx, row, now());
        const revoked = await queries.retireKey(work.tx, row, now());
        work.record(
          'signing_key.revoked',
          { keyId, status: row.status, reason, apiTokens: tokens.length },
          { subject: subjectOf(revoked) },
        );
        const { next } = statusesOf(rows);
        if (row.status === 'NEXT') await makeNext(work);
        if (row.status === 'CURRENT')
          await takeOver(work, { current: revoked, next: next ?? (await makeNext(work)), reason: 'REVOKED' });
        return revoked;
      },
    }),

    /** Makes, rotates and retires what is due in any realm; on several nodes at once each is done by one. */
    async sweep(): Promise<void> {
      const standard = { rotationDays: STANDARD.rotationDays, verifiesSeconds: VERIFIES_AFTER };
      for (let last = NOBODY; ; ) {
        const due = await queries.selectDue(db, now(), standard, last, REALMS_AT_ONCE);
        for (const realmId of due) {
          const realm = await realms.find(realmId);
          const facts = { requestId: newId(), correlationId: newId(), ip: null, userAgent: null };
          const actor = { kind: 'SYSTEM', displayName: 'Housekeeping' } as const;
          if (realm) await tend(bareContext(facts, actor, realm), {});
        }
        const end = due.at(-1);
        if (end === undefined || due.length < REALMS_AT_ONCE) return;
        last = end;
      }
    },
  };
}

const isOld = ({ activated_at }: SigningKeyRow, rotationDays: number | null): boolean =>
  rotationDays !== null &&
  activated_at !== null &&
  activated_at.getTime() + rotationDays * 86_400_000 <= now().getTime();

const subjectOf = (row: SigningKeyRow) => ({ kind: 'SIGNING_KEY' as const, id: row.id, name: row.algorithm });

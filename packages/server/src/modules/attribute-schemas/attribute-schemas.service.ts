import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { now } from '../../kernel/clock.js';
import { type Db, parseInput, type Runner, type Tx, type Work } from '../../kernel/command.js';
import { actorName, type RealmCtx, requireScope } from '../../kernel/context.js';
import { DomainError, type FieldProblem, notFound, versionMismatch } from '../../kernel/errors.js';
import { ifVersion } from '../../kernel/text.js';
import * as queries from './attribute-schemas.queries.js';
import type { AttributeSchema } from './attribute-schemas.types.js';
import { attributeSchema } from './declaration.js';
import { validateAttributes } from './validate.js';

export type { AttributeSchema } from './attribute-schemas.types.js';

/** A realm's declaration as it is now. */
export interface CurrentSchema {
  readonly realmId: string;
  readonly version: number;
  readonly schema: AttributeSchema;
  readonly updatedAt: Date;
  readonly updatedByName: string;
}

export interface BrokenIdentity {
  readonly id: string;
  readonly username: string;
  readonly displayName: string;
  /** Paths begin inside the attributes. */
  readonly problems: readonly FieldProblem[];
}

export interface Impact {
  /** How many identities do not meet the schema. */
  readonly count: number;
  /** The first 100 of them by id. */
  readonly identities: readonly BrokenIdentity[];
}

const SHOWN = 100;
const BATCH = 2_000;
/** Clocks of several nodes differ, and a change carries the time at which it began. */
const MARGIN_MS = 5 * 60_000;

const saveInput = z.object({ schema: attributeSchema, ifVersion, keepInvalid: z.boolean().nullish() });

export type AttributeSchemasService = ReturnType<typeof createAttributeSchemasService>;

export function createAttributeSchemasService({ db, command }: { db: Db; command: Runner }) {
  /** The directory in batches, so that its size is no matter of memory. */
  async function impactOf(
    source: Db | Tx,
    realmId: string,
    schema: AttributeSchema,
    changedSince?: Date,
  ): Promise<Impact> {
    const identities: BrokenIdentity[] = [];
    const alsoEmpty = (schema.required?.length ?? 0) > 0;
    let count = 0;
    let after: string | undefined;
    for (;;) {
      const page = { after, limit: BATCH, alsoEmpty, changedSince };
      const rows = await queries.selectHolders(source, realmId, page);
      for (const row of rows) {
        const problems = validateAttributes(schema, row.attributes);
        if (problems.length === 0) continue;
        count += 1;
        if (identities.length < SHOWN)
          identities.push({ id: row.id, username: row.username, displayName: row.display_name, problems });
      }
      after = rows.at(-1)?.id;
      if (rows.length < BATCH) return { count, identities };
    }
  }

  /** The check for many at once: the schema stays what it is until the commit. @returns says what is wrong with one */
  async function checker(
    work: Work,
  ): Promise<(attributes: Readonly<Record<string, unknown>>) => DomainError | undefined> {
    const row = await queries.selectForWriting(work.tx, work.ctx.realm.id);
    if (!row) throw notFound('realm');
    const { schema } = currentOf(row);
    return (attributes) => {
      const problems = validateAttributes(schema, attributes).map(({ path, message }) => ({
        path: ['attributes', ...path],
        message,
      }));
      const [first] = problems;
      return (
        first && new DomainError('invalid', 'INVALID_INPUT', first.message, { path: first.path, problems })
      );
    };
  }

  const commit = command({
    name: 'attribute-schemas.save',
    scope: 'realms:update',
    input: saveInput.extend({ startedAt: z.date(), broken: z.number().int() }),
    body: async (work, input): Promise<CurrentSchema> => {
      const row = await queries.selectForChanging(work.tx, work.ctx.realm.id);
      if (!row) throw notFound('realm');
      if (input.ifVersion != null && input.ifVersion !== row.version) throw versionMismatch('schema');
      const before = currentOf(row);
      if (isDeepStrictEqual(before.schema, input.schema)) {
        work.unchanged();
        return before;
      }
      if (!input.keepInvalid) {
        const since = new Date(input.startedAt.getTime() - MARGIN_MS);
        refuseBroken(await impactOf(work.tx, row.realm_id, input.schema, since));
      }
      const updated = await queries.updateSchema(work.tx, row, {
        schema: JSON.stringify(input.schema),
        updated_at: now(),
        updated_by_name: actorName(work.ctx.actor),
      });
      work.record(
        'attribute_schema.updated',
        { version: updated.version, ...difference(before.schema, input.schema), invalid: input.broken },
        { subject: { kind: 'REALM', id: row.realm_id, name: work.ctx.realm.displayName } },
      );
      return currentOf(updated);
    },
  });

  return {
    validate: validateAttributes,

    /** What the realm declares now. */
    async current(source: Db | Tx, realmId: string): Promise<CurrentSchema> {
      const row = await queries.selectSchema(source, realmId);
      if (!row) throw notFound('realm');
      return currentOf(row);
    },

    async get(ctx: RealmCtx): Promise<CurrentSchema> {
      requireScope(ctx, 'realms:read');
      const row = await queries.selectSchema(db, ctx.realm.id);
      if (!row) throw notFound('realm');
      return currentOf(row);
    },

    checker,

    /**
     * For every command that writes attributes. Until it commits, the schema stays the one it was checked against.
     * @throws DomainError INVALID_INPUT with every fault, at paths that begin with `attributes`
     */
    async check(work: Work, attributes: Readonly<Record<string, unknown>>): Promise<void> {
      const fault = (await checker(work))(attributes);
      if (fault) throw fault;
    },

    /**
     * Who would not meet the schema, before it is saved.
     * @throws DomainError INVALID_INPUT when it is no schema that a realm may have
     */
    async impact(ctx: RealmCtx, input: { schema: unknown }): Promise<Impact> {
      requireScope(ctx, 'realms:read');
      requireScope(ctx, 'identities:read');
      const { schema } = parseInput(z.object({ schema: attributeSchema }), input);
      return impactOf(db, ctx.realm.id, schema);
    },

    /**
     * The whole directory is looked at first, without a lock; what was written meanwhile again, under the lock.
     * @throws DomainError ATTRIBUTES_WOULD_BREAK naming how many, unless `keepInvalid`: they stay as they are then,
     * until someone changes their attributes
     */
    async save(
      ctx: RealmCtx,
      input: {
        schema: unknown;
        ifVersion?: number | null | undefined;
        keepInvalid?: boolean | null | undefined;
      },
    ): Promise<CurrentSchema> {
      requireScope(ctx, 'realms:update');
      const parsed = parseInput(saveInput, input);
      const startedAt = now();
      const impact = await impactOf(db, ctx.realm.id, parsed.schema);
      if (!parsed.keepInvalid) refuseBroken(impact);
      return commit(ctx, { ...parsed, startedAt, broken: impact.count });
    },
  };
}

const currentOf = (row: queries.AttributeSchemaRow): CurrentSchema => ({
  realmId: row.realm_id,
  version: row.version,
  // Only `save` writes it, and it was parsed there.
  schema: row.schema as unknown as AttributeSchema,
  updatedAt: row.updated_at,
  updatedByName: row.updated_by_name,
});

function refuseBroken({ count }: Impact): void {
  if (count === 0) return;
  throw new DomainError(
    'conflict',
    'ATTRIBUTES_WOULD_BREAK',
    count === 1
      ? 'The attributes of 1 identity do not meet this schema.'
      : `The attributes of ${count} identities do not meet this schema.`,
    { path: ['schema'] },
  );
}

function difference(before: AttributeSchema, after: AttributeSchema) {
  const names = Object.keys(after.properties);
  const known = (name: string) => Object.hasOwn(before.properties, name);
  const isRequired = (schema: AttributeSchema, name: string) => schema.required?.includes(name) ?? false;
  return {
    added: names.filter((name) => !known(name)),
    changed: names.filter(
      (name) =>
        known(name) &&
        (!isDeepStrictEqual(before.properties[name], after.properties[name]) ||
          isRequired(before, name) !== isRequired(after, name)),
    ),
    removed: Object.keys(before.properties).filter((name) => !Object.hasOwn(after.properties, name)),
  };
}

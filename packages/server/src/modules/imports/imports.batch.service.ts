import type { Work } from '../../kernel/command.js';
import { holds } from '../../kernel/context.js';
import { DomainError } from '../../kernel/errors.js';
import type { GroupRow, GroupsService } from '../groups/groups.service.js';
import type { IdentitiesService } from '../identities/identities.service.js';
import { type Profile, usernameKey } from '../identities/identities.types.js';
import { applyLine, type Declared } from './columns.types.js';
import { createLine, failureOf, groupsOf, newFrom } from './imports.line.service.js';
import type { LineResult, WaitingLine } from './imports.lines.queries.js';
import type { ImportRow } from './imports.queries.js';

interface Deps {
  identities: Pick<
    IdentitiesService,
    | 'change'
    | 'changeMany'
    | 'create'
    | 'createMany'
    | 'findByExternalId'
    | 'findByUsername'
    | 'findIdsByExternalIds'
    | 'findIdsByUsernames'
  >;
  groups: Pick<GroupsService, 'addMembers' | 'lockAll'>;
}

export interface Batch {
  readonly of: ImportRow;
  readonly lines: readonly WaitingLine[];
  readonly declared: Declared;
  /** Every group that the lines name and the realm has, by the form that names are compared in. */
  readonly groups: ReadonlyMap<string, GroupRow>;
}

/** A line that nothing speaks against yet. */
interface Plain {
  readonly line: WaitingLine;
  readonly groupIds: readonly string[];
  /** Whom it changes; undefined for somebody new. */
  readonly target: string | undefined;
}

interface Outcome {
  readonly line: number;
  readonly status: 'CREATED' | 'UPDATED';
  readonly identityId: string;
  readonly groupIds: readonly string[];
  readonly changed: boolean;
}

/**
 * Lines in one transaction, of which each stands or falls alone: the plain ones together, with a few statements for all
 * of them; then every other one by itself, in the order of the file, by the command that does it or says why not.
 * A check takes all of it back.
 */
export function createBatch({ identities, groups }: Deps) {
  const doLine = createLine({ identities, groups });

  /** Whom each line is about: one id, none, or several; undefined for a line that does not say. */
  async function targetsOf(work: Work, { of, lines }: Batch) {
    if (of.mode === 'CREATE') return () => [];
    const byName = of.match_by === 'USERNAME';
    const saidBy = ({ data }: WaitingLine): string | undefined => {
      const said = byName ? data.username : data.externalId;
      if (typeof said !== 'string' || said.trim() === '') return undefined;
      return byName ? said.trim() : said;
    };
    const said = lines.flatMap((line) => saidBy(line) ?? []);
    const found = byName
      ? await identities.findIdsByUsernames(work.tx, of.realm_id, said)
      : await identities.findIdsByExternalIds(work.tx, of.realm_id, said);
    return (line: WaitingLine): readonly string[] | undefined => {
      const wanted = saidBy(line);
      return wanted === undefined ? undefined : (found.get(byName ? usernameKey(wanted) : wanted) ?? []);
    };
  }

  async function plainOf(work: Work, batch: Batch): Promise<Plain[]> {
    const targets = await targetsOf(work, batch);
    return batch.lines.flatMap((line): Plain[] => {
      const found = targets(line);
      const groupIds = unlessRefused(() => groupsOf({ line, groups: batch.groups }));
      if (!found || found.length > 1 || !groupIds) return [];
      if (groupIds.length > 0 && !holds(work.ctx, 'groups:update')) return [];
      return [{ line, groupIds, target: found[0] }];
    });
  }

  async function create(work: Work, { declared }: Batch, plain: readonly Plain[]): Promise<Outcome[]> {
    const wanted = plain.flatMap((one) => {
      const profile = unlessRefused(() => newFrom(one.line.data, declared));
      return profile ? [{ ...one, profile }] : [];
    });
    if (wanted.length === 0) return [];
    const profiles = wanted.map(({ profile }) => profile);
    const ids = await identities.createMany.within(work, { profiles });
    return wanted.flatMap(({ line: { line }, groupIds }, index) => {
      const identityId = ids[index];
      return identityId ? [{ line, status: 'CREATED' as const, identityId, groupIds, changed: true }] : [];
    });
  }

  async function change(work: Work, { declared }: Batch, plain: readonly Plain[]): Promise<Outcome[]> {
    if (plain.length === 0) return [];
    const changes = plain.map(({ line: { data }, target }) => ({
      id: target,
      change: (current: Profile) => applyLine(current, data, declared),
    }));
    const done = await identities.changeMany.within(work, { changes });
    return plain.flatMap(({ line: { line }, groupIds }, index) => {
      const one = done[index];
      const status = 'UPDATED' as const;
      return one ? [{ line, status, identityId: one.id, groupIds, changed: one.changed.length > 0 }] : [];
    });
  }

  /** @returns the ids of those who were not in each of their groups before */
  async function join(work: Work, outcomes: readonly Outcome[]): Promise<ReadonlySet<string>> {
    const pairs = outcomes.flatMap(({ groupIds, identityId }) =>
      groupIds.map((groupId) => ({ groupId, identityId })),
    );
    const joined = new Set<string>();
    for (const [groupId, members] of Map.groupBy(pairs, (pair) => pair.groupId)) {
      const identityIds = members.map(({ identityId }) => identityId);
      const { results } = await groups.addMembers.within(work, { groupId, identityIds });
      for (const { identityId, changed } of results) if (changed) joined.add(identityId);
    }
    return joined;
  }

  /** @returns those of the lines that were plain to the end. @throws DomainError when a group is not to be joined */
  async function doPlain(work: Work, batch: Batch): Promise<LineResult[]> {
    const plain = await plainOf(work, batch);
    const groupIds = [...new Set(plain.flatMap((one) => one.groupIds))];
    if (groupIds.length > 0) await groups.lockAll(work, groupIds);
    const known = plain.filter(({ target }) => target !== undefined);
    const fresh = plain.filter(({ target }) => target === undefined);
    const outcomes = [...(await change(work, batch, known)), ...(await create(work, batch, fresh))];
    const joined = await join(work, outcomes);
    return outcomes.map(({ line, status, identityId, changed }) => ({
      line,
      status: changed || joined.has(identityId) ? status : 'UNCHANGED',
      identityId: batch.of.dry_run && status === 'CREATED' ? null : identityId,
    }));
  }

  async function doAll(work: Work, batch: Batch): Promise<LineResult[]> {
    const open = { ...batch, lines: batch.lines.filter(isOpen) };
    const together = await work.apart((part) => doPlain(part, open)).catch(noneIfRefused);
    const results = new Map(together.map((result) => [result.line, result]));
    for (const line of batch.lines) {
      if (results.has(line.line)) continue;
      const job = { ...batch, line };
      const result = await work
        .apart((part) => doLine(part, job))
        .catch((error: unknown) => failureOf(batch.of, line, error));
      results.set(line.line, result);
    }
    return [...results.values()];
  }

  return (work: Work, batch: Batch): Promise<LineResult[]> =>
    work.apart((part) => doAll(part, batch), { dryRun: batch.of.dry_run });
}

const isOpen = ({ problem, duplicate_of }: WaitingLine): boolean => problem === null && duplicate_of === null;

function noneIfRefused(error: unknown): never[] {
  if (error instanceof DomainError) return [];
  throw error;
}

function unlessRefused<T>(attempt: () => T): T | undefined {
  try {
    return attempt();
  } catch (error) {
    noneIfRefused(error);
    return undefined;
  }
}

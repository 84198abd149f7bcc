import { z } from 'zod';
import type { Runner, Work } from '../../kernel/command.js';
import { DomainError, invalid } from '../../kernel/errors.js';
import { anyone } from '../../kernel/permissions.js';
import { comparable } from '../../kernel/text.js';
import type { GroupRow, GroupsService } from '../groups/groups.service.js';
import type { IdentitiesService, IdentityRow } from '../identities/identities.service.js';
import { NEW_PROFILE, type Profile } from '../identities/identities.types.js';
import { applyLine, type Declared, groupNamesOf } from './columns.types.js';
import { type LineResult, lockLine, markDone, type WaitingLine } from './imports.lines.queries.js';
import type { ImportRow } from './imports.queries.js';

interface Deps {
  command: Runner;
  identities: Pick<IdentitiesService, 'change' | 'create' | 'findByExternalId' | 'findByUsername'>;
  groups: Pick<GroupsService, 'addMembers'>;
}

export interface LineJob {
  readonly of: ImportRow;
  readonly line: WaitingLine;
  readonly declared: Declared;
  /** Every group that the file names and the realm has, by the form that names are compared in. */
  readonly groups: ReadonlyMap<string, GroupRow>;
}

/**
 * One line, whole or not at all: the same commands that an administrator's request runs, and what it came to, in one
 * transaction. A check takes all of it back.
 * @returns undefined for a line that was done already, or may not be done any more
 */
export function createLineCommand({ command, identities, groups }: Deps) {
  async function targetOf(work: Work, { of, line }: LineJob): Promise<IdentityRow | undefined> {
    if (of.mode === 'CREATE') return undefined;
    const field = of.match_by === 'USERNAME' ? 'username' : 'externalId';
    const wanted = line.data[field];
    if (typeof wanted !== 'string' || wanted.trim() === '')
      throw invalid('This line does not say whom it is about.', field);
    if (of.match_by === 'USERNAME') return identities.findByUsername(work.tx, of.realm_id, wanted.trim());
    const [found, another] = await identities.findByExternalId(work.tx, of.realm_id, wanted);
    if (another)
      throw new DomainError('conflict', 'AMBIGUOUS_MATCH', 'Several identities have this external id.', {
        path: [field],
      });
    return found;
  }

  /** @returns whether the identity is in a group that it was not in before */
  async function join(work: Work, identityId: string, job: LineJob): Promise<boolean> {
    const wanted = groupNamesOf(job.line.data.groups).map((name) => {
      const group = job.groups.get(comparable(name));
      if (!group) throw invalid(`There is no group "${name}".`, 'groups');
      return group.id;
    });
    let joined = false;
    // In one order, so that two lines never wait for each other.
    for (const groupId of [...new Set(wanted)].sort()) {
      const { results } = await groups.addMembers.within(work, { groupId, identityIds: [identityId] });
      joined ||= results.some(({ changed }) => changed);
    }
    return joined;
  }

  async function perform(work: Work, job: LineJob): Promise<Pick<LineResult, 'status' | 'identityId'>> {
    const { data } = job.line;
    const target = await targetOf(work, job);
    if (!target) {
      const identity = await identities.create.within(work, newFrom(data, job.declared));
      await join(work, identity.id, job);
      return { status: 'CREATED', identityId: job.of.dry_run ? null : identity.id };
    }
    const change = (current: Profile) => applyLine(current, data, job.declared);
    const { changed } = await identities.change.within(work, { id: target.id, change });
    const joined = await join(work, target.id, job);
    return { status: changed.length > 0 || joined ? 'UPDATED' : 'UNCHANGED', identityId: target.id };
  }

  return command({
    name: 'imports.line',
    scope: anyone,
    input: z.custom<LineJob>(),
    body: async (work, job): Promise<LineResult | undefined> => {
      work.unchanged();
      const { of, line } = job;
      if (!(await lockLine(work.tx, of, line.line))) return undefined;
      if (line.problem !== null) throw invalid(line.problem);
      if (line.duplicate_of !== null)
        throw new DomainError(
          'conflict',
          'DUPLICATE_LINE',
          `Line ${line.duplicate_of} is about the same identity already.`,
        );
      const result = { line: line.line, ...(await perform(work, job)) };
      await markDone(work.tx, of, result);
      return result;
    },
  });
}

function newFrom(data: WaitingLine['data'], declared: Declared): Profile {
  if (typeof data.username !== 'string' || data.username.trim() === '')
    throw invalid('A new identity needs a username.', 'username');
  return applyLine({ ...NEW_PROFILE, username: '' }, data, declared);
}

/** What an expected failure comes to in the report. @throws whatever is not expected: then the line is tried again */
export function failureOf(of: ImportRow, { line, data }: WaitingLine, error: unknown): LineResult {
  if (!(error instanceof DomainError)) throw error;
  const field = fieldOf(error.path ?? [], data);
  const column = of.mapping?.find((mapped) => mapped.field === field)?.column ?? field;
  return {
    line,
    status: 'FAILED',
    identityId: null,
    error: { code: error.code, message: error.message, column: column ?? null },
  };
}

function fieldOf([first, second]: readonly string[], data: WaitingLine['data']): string | undefined {
  if (first === 'emails' && data.emails === undefined) return 'email';
  return first === 'attributes' && second !== undefined ? `attributes.${second}` : first;
}

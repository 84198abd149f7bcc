import type { Work } from '../../kernel/command.js';
import { DomainError, invalid } from '../../kernel/errors.js';
import { comparable } from '../../kernel/text.js';
import type { GroupRow, GroupsService } from '../groups/groups.service.js';
import type { IdentitiesService, IdentityRow } from '../identities/identities.service.js';
import { NEW_PROFILE, type Profile } from '../identities/identities.types.js';
import { applyLine, type Declared, groupNamesOf } from './columns.types.js';
import type { LineResult, WaitingLine } from './imports.lines.queries.js';
import type { ImportRow } from './imports.queries.js';

interface Deps {
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

/** One line by itself: the same commands that an administrator's request runs. @throws DomainError that says what is wrong */
export function createLine({ identities, groups }: Deps) {
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
    let joined = false;
    for (const groupId of groupsOf(job)) {
      const { results } = await groups.addMembers.within(work, { groupId, identityIds: [identityId] });
      joined ||= results.some(({ changed }) => changed);
    }
    return joined;
  }

  async function perform(work: Work, job: LineJob): Promise<LineResult> {
    const { line, data, problem, duplicate_of } = job.line;
    if (problem !== null) throw invalid(problem);
    if (duplicate_of !== null)
      throw new DomainError(
        'conflict',
        'DUPLICATE_LINE',
        `Line ${duplicate_of} is about the same identity already.`,
      );
    const target = await targetOf(work, job);
    if (!target) {
      const identity = await identities.create.within(work, newFrom(data, job.declared));
      await join(work, identity.id, job);
      return { line, status: 'CREATED', identityId: job.of.dry_run ? null : identity.id };
    }
    const change = (current: Profile) => applyLine(current, data, job.declared);
    const { changed } = await identities.change.within(work, { id: target.id, change });
    const joined = await join(work, target.id, job);
    return { line, status: changed.length > 0 || joined ? 'UPDATED' : 'UNCHANGED', identityId: target.id };
  }

  return perform;
}

/** The groups that a line names, each once and in one order. @throws DomainError INVALID_INPUT for one that is not there */
export function groupsOf({ line, groups }: Pick<LineJob, 'groups' | 'line'>): string[] {
  const wanted = groupNamesOf(line.data.groups).map((name) => {
    const group = groups.get(comparable(name));
    if (!group) throw invalid(`There is no group "${name}".`, 'groups');
    return group.id;
  });
  return [...new Set(wanted)].sort();
}

export function newFrom(data: WaitingLine['data'], declared: Declared): Profile {
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

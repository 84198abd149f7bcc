import type { Work } from '../../kernel/command.js';
import { DomainError } from '../../kernel/errors.js';
import type { Usage, Use } from './resource-servers.types.js';

export const useOf = (kind: 'ROLE' | 'APPLICATION', { id, displayName }: Use) => ({
  kind,
  id,
  name: displayName,
});

/** Events of roles and applications that lose scopes. */
export function recordLoss(work: Work, { roles, applications }: Usage): void {
  for (const role of roles)
    work.record('role.updated', { changed: ['scopes'] }, { subject: useOf('ROLE', role) });
  for (const application of applications)
    work.record(
      'application.updated',
      { changed: ['allowedScopes'] },
      { subject: useOf('APPLICATION', application) },
    );
}

/** @throws DomainError IN_USE naming the first ten */
export function refuseInUse(subject: string, { roles, applications }: Usage, path: string): void {
  const uses = [
    ...roles.map(({ displayName }) => `the role “${displayName}”`),
    ...applications.map(({ displayName }) => `the application “${displayName}”`),
  ];
  if (uses.length === 0) return;
  const more = uses.length > 10 ? ` and ${uses.length - 10} more` : '';
  throw new DomainError('conflict', 'IN_USE', `${subject} used by ${uses.slice(0, 10).join(', ')}${more}.`, {
    path: [path],
  });
}

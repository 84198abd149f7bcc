import type { Work } from '../../kernel/command.js';
import { notFound, versionMismatch } from '../../kernel/errors.js';
import { type ClientRow, lockClient } from './provisioning.queries.js';

/** @throws DomainError NOT_FOUND, VERSION_MISMATCH */
export async function lockForChange(
  work: Work,
  clientId: string,
  expected: number | null | undefined,
): Promise<ClientRow> {
  const row = await lockClient(work.tx, work.ctx.realm.id, clientId);
  if (!row) throw notFound('provisioning client');
  if (expected != null && expected !== row.version) throw versionMismatch('provisioning client');
  return row;
}

export const subjectOf = (row: ClientRow) => ({
  kind: 'PROVISIONING_CLIENT' as const,
  id: row.id,
  name: row.display_name,
});

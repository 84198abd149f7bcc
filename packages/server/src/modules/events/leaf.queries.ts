import { sql } from 'kysely';
import type { Db, Tx } from '../../kernel/command.js';
import type { PrintedEvent } from './leaf.js';

/** An event as its leaf is made from. @returns undefined when there is none */
export async function selectPrinted(
  db: Db | Tx,
  realmId: string,
  id: string,
): Promise<PrintedEvent | undefined> {
  const result = await sql<PrintedEvent>`
    select realm_id, id, to_char(occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as occurred_at,
      type, outcome, actor_kind, actor_id, actor_name, subject_kind, subject_id, subject_name, correlation_id,
      ip, user_agent, data::text as data, actor_salt, subject_salt, data_salt,
      actor_digest, subject_digest, data_digest
    from events where realm_id = ${realmId} and id = ${id}`.execute(db);
  return result.rows[0];
}

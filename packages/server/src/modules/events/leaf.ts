import { createHash } from 'node:crypto';

/** A column of an event as PostgreSQL prints it, so that both sides hash the same bytes. */
type Printed = string | null;

/**
 * An event as `selectPrinted` reads it. Of the three groups that can be erased, either the salt is there (and the values
 * as they were) or the digest is (and pseudonyms).
 */
export interface PrintedEvent {
  realm_id: string;
  id: string;
  /** UTC, with microseconds: 2026-01-31T12:00:00.000000Z */
  occurred_at: string;
  type: string;
  outcome: string;
  actor_kind: string;
  actor_id: Printed;
  actor_name: string;
  subject_kind: Printed;
  subject_id: Printed;
  subject_name: Printed;
  correlation_id: string;
  ip: Printed;
  user_agent: Printed;
  data: string;
  actor_salt: Printed;
  subject_salt: Printed;
  data_salt: Printed;
  actor_digest: Buffer | null;
  subject_digest: Buffer | null;
  data_digest: Buffer | null;
}

const sha256 = (...parts: Buffer[]): Buffer => createHash('sha256').update(Buffer.concat(parts)).digest();

/** The number of its bytes, a colon, its UTF-8 bytes, a comma; `-,` for null: `sealed_field` in the database. */
function field(value: Printed): Buffer {
  if (value === null) return Buffer.from('-,');
  const bytes = Buffer.from(value);
  return Buffer.concat([Buffer.from(`${bytes.length}:`), bytes, Buffer.from(',')]);
}

const fields = (...values: Printed[]): Buffer => Buffer.concat(values.map(field));

/** What a group is in the leaf: kept for good when it was erased, computed while it is there. */
function groupDigest(digest: Buffer | null, salt: Printed, ...values: Printed[]): Buffer {
  if (digest) return digest;
  if (salt === null) throw new Error('an event has neither the salt nor the digest of a group');
  return sha256(fields(salt, ...values));
}

/** Marks a leaf, so that no inner node of a tree passes for one (RFC 6962, section 2.1). */
const LEAF = Buffer.from([0]);

/**
 * What a seal covers of an event: every column, the personal ones through digests, so that it is equal before and after
 * an erasure and differs after any other change.
 */
export const leafOf = (row: PrintedEvent): Buffer =>
  sha256(
    LEAF,
    fields(row.realm_id, row.id, row.occurred_at, row.type, row.outcome),
    fields(row.actor_kind, row.actor_id, row.subject_kind, row.subject_id, row.correlation_id),
    groupDigest(row.actor_digest, row.actor_salt, row.actor_name, row.ip, row.user_agent),
    groupDigest(row.subject_digest, row.subject_salt, row.subject_name),
    groupDigest(row.data_digest, row.data_salt, row.data),
  );

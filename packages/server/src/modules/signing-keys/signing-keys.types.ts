import type { SigningAlgorithm } from '../../database/schema.js';

export type { SigningAlgorithm, SigningKeyStatus } from '../../database/schema.js';

/** RFC 7518, section 3.1, and RFC 8037: what tokens of a realm can be signed with. */
export const SIGNING_ALGORITHMS = ['ES256', 'EdDSA', 'RS256'] as const satisfies readonly SigningAlgorithm[];

/** Without settings of its own a realm has these. */
export const STANDARD = { algorithm: 'ES256', rotationDays: 90 } as const;

/**
 * Seconds that a key is published before it signs. Clients may keep the key set for an hour: whoever fetched it just
 * before the key was there has fetched it again by then.
 */
export const PUBLISHED_AHEAD = 2 * 3600;

/** Seconds that a key verifies at least after it stopped signing: ID tokens are shown again when somebody signs out. */
export const VERIFIES_AFTER = 24 * 3600;

/** Seconds that the public keys may be kept by whoever fetched them. */
export const KEY_SET_MAX_AGE = 900;

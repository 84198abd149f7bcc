import type { RealmRef } from '../../kernel/context.js';
import type { ApplicationRow } from '../applications/applications.service.js';
import type { IdentityRow } from '../identities/identities.service.js';
import type { ApiTokenRow } from './tokens.queries.js';

/** The claims of our access tokens (RFC 9068), as far as we rely on them. */
export interface AccessClaims {
  readonly iss: string;
  readonly sub: string;
  readonly aud: string;
  readonly exp: number;
  readonly iat: number;
  readonly jti: string;
  readonly client_id: string;
  /** Separated by spaces; empty when the token carries none. */
  readonly scope: string;
  /** Our session, where a person stands behind the token. */
  readonly sid?: string;
  readonly auth_time?: number;
}

/** A token that is good at this moment, with whose it is as they are now. */
export interface LiveToken {
  readonly realm: RealmRef;
  readonly claims: AccessClaims;
  readonly application: ApplicationRow;
  /** Absent for a token of the application itself. */
  readonly identity?: IdentityRow;
  /** The name of the API token, when it is one. */
  readonly apiTokenName?: string;
  /** When that was last used, to the minute; null when never. */
  readonly apiTokenUsedAt?: Date | null;
}

export interface MintedToken {
  /** Shown this once. */
  readonly token: string;
  readonly tokenId: string;
  readonly expiresAt: Date;
  readonly row: ApiTokenRow;
}

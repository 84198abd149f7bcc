/** One SCIM request, as the edge saw it. What of it may be kept is decided when it is written down, not here. */
export interface ProvisioningRequest {
  readonly realmId: string;
  /** Null where nobody was recognised, and for a person. */
  readonly clientId: string | null;
  readonly requestId: string;
  readonly method: string;
  /** As it came, query included. */
  readonly path: string;
  readonly status: number;
  /** RFC 7644, table 9. */
  readonly scimType?: string | undefined;
  /** What the client was told. */
  readonly detail?: string | undefined;
  readonly durationMs: number;
  /** What changed, by the names of attributes, never their values; absent where nothing did. */
  readonly effect?: string | undefined;
  readonly resource?: { readonly kind: string; readonly id: string } | undefined;
  readonly dryRun: boolean;
}

/** By the first digit of the status. */
export type StatusClass = 'SUCCESS' | 'REDIRECTION' | 'CLIENT_ERROR' | 'SERVER_ERROR';

export interface RequestFilter {
  readonly clientId?: string | undefined;
  readonly method?: string | undefined;
  readonly statusClass?: StatusClass | undefined;
  /** Only what changed something, or would have in a dry run. */
  readonly effectOnly?: boolean | undefined;
  readonly since?: Date | undefined;
  readonly until?: Date | undefined;
}

/**
 * RUNNING: deprovisionings are counted. PAUSED: too many were asked for, and each is refused until somebody decides.
 * REJECTED: somebody decided against them. RELEASED: somebody let them happen, and nothing is counted for one window.
 */
export type BrakeState = 'RUNNING' | 'PAUSED' | 'REJECTED' | 'RELEASED';

import type { Db } from '../../kernel/command.js';
import { hashSecret, isId } from '../../kernel/ids.js';
import * as queries from './embedded.queries.js';

/** An application's own page where its ceremonies happen. */
export interface Embedding {
  readonly invocation: 'AUTOMATIC' | 'MANUAL';
  /** The page's address; `/authenticate` and `/bind` follow. */
  readonly invokeUrl: string;
  /** Whose pages may call us from a browser. */
  readonly trustedOrigins: readonly string[];
}

type Row =
  | Awaited<ReturnType<typeof queries.selectOfApplication>>
  | Awaited<ReturnType<typeof queries.selectOfBindingJob>>;

export type EmbeddedService = ReturnType<typeof createEmbeddedService>;

/** Who may hold ceremonies on a page that is not ours. Nothing here asks for a scope: it is for our own doors. */
export function createEmbeddedService({ db }: { db: Db }) {
  return {
    /** @returns undefined where the application's people come to our page */
    ofApplication: async (realmId: string, applicationId: string): Promise<Embedding | undefined> =>
      isId(applicationId)
        ? present(await queries.selectOfApplication(db, realmId, applicationId))
        : undefined,

    /** @returns undefined where the passkey is bound on our page */
    ofBindingJob: async (realmId: string, jobId: string): Promise<Embedding | undefined> =>
      isId(jobId) ? present(await queries.selectOfBindingJob(db, realmId, jobId)) : undefined,

    /** @returns whether pages of the origin may follow the binding link; undefined where there is no such link */
    async trustsForBinding(
      realmId: string,
      origin: string,
      by: { readonly jobId: string } | { readonly token: string },
    ): Promise<boolean | undefined> {
      if ('jobId' in by && !isId(by.jobId)) return undefined;
      const row =
        'jobId' in by
          ? await queries.selectOfBindingJob(db, realmId, by.jobId)
          : await queries.selectOfBindingLink(db, realmId, hashSecret(by.token));
      return row && (present(row)?.trustedOrigins.includes(origin) ?? false);
    },

    /** Whether any application of the realm is embedded in pages of this origin. */
    isTrusted: async (realmId: string, origin: string): Promise<boolean> =>
      (await queries.selectTrusting(db, realmId, origin)) !== undefined,

    /**
     * What a browser may go on showing of the passkeys that it remembers. Credential ids are random: whoever names one
     * has held it.
     * @param credentialIds base64url
     */
    async accepted(realmId: string, credentialIds: readonly string[]): Promise<string[]> {
      if (credentialIds.length === 0) return [];
      const rows = await queries.selectActive(
        db,
        realmId,
        credentialIds.map((id) => Buffer.from(id, 'base64url')),
      );
      return rows.map((row) => row.credential_id.toString('base64url'));
    },
  };
}

/**
 * The application's own page for a ceremony.
 * @param step the last segment of its path
 */
export function pageOf(
  { invokeUrl }: Embedding,
  step: 'authenticate' | 'bind',
  parameters: Readonly<Record<string, string>>,
): string {
  const url = new URL(invokeUrl);
  url.pathname = `${url.pathname.replace(/\/$/, '')}/${step}`;
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url.href;
}

const present = (row: Row): Embedding | undefined =>
  row?.invoke_url && row.invocation && row.trusted_origins
    ? { invocation: row.invocation, invokeUrl: row.invoke_url, trustedOrigins: row.trusted_origins }
    : undefined;

import type { FastifyReply, FastifyRequest } from 'fastify';
import { equalHashes, hashSecret, isId } from '../../kernel/ids.js';
import type { Vault } from '../../kernel/vault.js';

const COOKIE = 'keyrealm_account';

/**
 * The session of a person's own page, sealed so that an id which was seen elsewhere opens nothing. It is sent to that
 * page alone, and by no page of another site.
 */
export function createAccountCookie({ vault, publicUrl }: { vault: Vault; publicUrl: string }) {
  const { pathname, protocol } = new URL(publicUrl);
  const root = pathname.replace(/\/$/, '');
  const sealOf = (realmId: string, sessionId: string): string =>
    vault.seal(`account ${realmId}/${sessionId}`);

  const write = (reply: FastifyReply, realmId: string, value: string, more = ''): void => {
    const secure = protocol === 'https:' ? '; Secure' : '';
    const attributes = `Path=${root}/realms/${realmId}/account; HttpOnly; SameSite=Strict${secure}${more}`;
    reply.header('set-cookie', `${COOKIE}=${value}; ${attributes}`);
  };

  return {
    /** @returns the id of the session; undefined for none, and for one whose seal is not ours */
    read(request: FastifyRequest, realmId: string): string | undefined {
      const pair = new RegExp(`(?:^|; ?)${COOKIE}=([\\w-]{36})\\.([\\w-]{43})(?:;|$)`);
      const [, sessionId = '', seal = ''] = pair.exec(request.headers.cookie ?? '') ?? [];
      const right = equalHashes(hashSecret(seal), hashSecret(sealOf(realmId, sessionId)));
      return right && isId(sessionId) ? sessionId : undefined;
    },
    /** Until the browser closes; how long the session lasts is for the session to say. */
    keep: (reply: FastifyReply, realmId: string, sessionId: string): void =>
      write(reply, realmId, `${sessionId}.${sealOf(realmId, sessionId)}`),
    clear: (reply: FastifyReply, realmId: string): void => write(reply, realmId, '', '; Max-Age=0'),
  };
}

import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';

/** Wraps what must be used again (private keys) and signs what must come back unchanged, with KEYREALM_SECRET. */
export interface Vault {
  /** AES-256-GCM; `context` (who it belongs to) must be the same again when it is opened. */
  wrap(plain: Uint8Array, context: string): Buffer;
  /** @throws Error when it was wrapped with another secret or for another context */
  unwrap(wrapped: Uint8Array, context: string): Buffer;
  /** A keyed digest, 43 base64url characters. */
  seal(text: string): string;
  /** A stable key for one purpose, base64url. */
  derive(purpose: string): string;
}

const FORMAT = 1;

/** @param previous a secret that is being replaced: what it wrapped is still opened, and nothing is wrapped with it */
export function createVault(secret: string, previous?: string): Vault {
  const keyFrom = (from: string, purpose: string) =>
    Buffer.from(hkdfSync('sha256', from, 'keyrealm', purpose, 32));
  const keyFor = (purpose: string) => keyFrom(secret, purpose);
  const wrapping = keyFor('wrap');
  const opening = [wrapping, ...(previous === undefined ? [] : [keyFrom(previous, 'wrap')])];
  const sealing = keyFor('seal');
  return {
    wrap(plain, context) {
      const iv = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', wrapping, iv).setAAD(Buffer.from(context));
      const body = Buffer.concat([cipher.update(plain), cipher.final()]);
      return Buffer.concat([Buffer.from([FORMAT]), iv, cipher.getAuthTag(), body]);
    },
    unwrap(wrapped, context) {
      const bytes = Buffer.from(wrapped);
      if (bytes[0] !== FORMAT) throw new Error('unknown wrapping format');
      let failure: unknown;
      for (const key of opening) {
        try {
          return opened(key, bytes, context);
        } catch (error) {
          failure = error;
        }
      }
      throw new Error('wrapped with another secret, or for another context', { cause: failure });
    },
    seal: (text) => createHmac('sha256', sealing).update(text).digest('base64url'),
    derive: (purpose) => keyFor(`derive:${purpose}`).toString('base64url'),
  };
}

function opened(key: Buffer, bytes: Buffer, context: string): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(1, 13))
    .setAAD(Buffer.from(context))
    .setAuthTag(bytes.subarray(13, 29));
  return Buffer.concat([decipher.update(bytes.subarray(29)), decipher.final()]);
}

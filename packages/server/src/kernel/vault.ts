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

export function createVault(secret: string): Vault {
  const keyFor = (purpose: string) => Buffer.from(hkdfSync('sha256', secret, 'keyrealm', purpose, 32));
  const wrapping = keyFor('wrap');
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
      const decipher = createDecipheriv('aes-256-gcm', wrapping, bytes.subarray(1, 13))
        .setAAD(Buffer.from(context))
        .setAuthTag(bytes.subarray(13, 29));
      return Buffer.concat([decipher.update(bytes.subarray(29)), decipher.final()]);
    },
    seal: (text) => createHmac('sha256', sealing).update(text).digest('base64url'),
    derive: (purpose) => keyFor(`derive:${purpose}`).toString('base64url'),
  };
}

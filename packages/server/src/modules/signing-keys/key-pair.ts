import { exportJWK, generateKeyPair, type JWK } from 'jose';
import type { SigningAlgorithm } from '../../database/schema.js';

/** A new pair for tokens; RSA of 3072 bits, Ed25519 for EdDSA. */
export async function makeKeyPair(
  id: string,
  algorithm: SigningAlgorithm,
): Promise<{ publicJwk: JWK; privateJwk: JWK }> {
  const pair = await generateKeyPair(algorithm, {
    extractable: true,
    ...(algorithm === 'RS256' ? { modulusLength: 3072 } : {}),
  });
  const facts = { kid: id, alg: algorithm, use: 'sig' };
  return {
    publicJwk: { ...(await exportJWK(pair.publicKey)), ...facts },
    privateJwk: { ...(await exportJWK(pair.privateKey)), ...facts },
  };
}

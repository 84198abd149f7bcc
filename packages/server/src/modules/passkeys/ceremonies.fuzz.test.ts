import { decodeAttestationObject } from '@simplewebauthn/server/helpers';
import { describe, expect, it } from 'vitest';
import { createSoftwareAuthenticator } from '../../testing/authenticator.js';
import {
  assertAll,
  bases,
  bytesOf,
  CHALLENGE,
  type Fields,
  MODEL,
  SITE,
  WANTED,
} from '../../testing/faults.js';
import { authenticationResponse, registrationResponse } from './passkeys.types.js';
import * as webauthn from './webauthn.js';

const REGISTRATIONS = 24_000;
const SIGN_INS = 24_000;
const RP = { id: SITE.rpId, origins: [SITE.origin] };
const asked = { conveyance: 'DIRECT' as const, findModel: async () => MODEL };

const signedPart = (response: Fields): Buffer => {
  const inner = response.response as Fields;
  const object = new Uint8Array(bytesOf(inner.attestationObject));
  return Buffer.concat([bytesOf(inner.clientDataJSON), decodeAttestationObject(object).get('authData')]);
};

describe('malformed answers of authenticators', { timeout: 300_000 }, () => {
  it(`are refused at registration, each with an error, ${REGISTRATIONS} times`, async () => {
    for (const base of bases)
      await expect(
        webauthn.checkRegistration(RP, CHALLENGE, base.response as never, asked),
      ).resolves.toBeDefined();
    let accepted = 0;
    await assertAll(bases, REGISTRATIONS, async (answers) => {
      for (const { base, answer } of answers) {
        const parsed = registrationResponse.safeParse(answer);
        if (!parsed.success) continue;
        const info = await webauthn
          .checkRegistration(RP, CHALLENGE, parsed.data, asked)
          .catch((error: unknown) => error);
        if (info instanceof Error) continue;
        // What was signed came through whole: the fault was in what nobody reads.
        accepted += 1;
        if (base.name !== 'u2f') expect(signedPart(parsed.data as never)).toEqual(signedPart(base.response));
        expect(info).toMatchObject({ credential: { id: base.response.id } });
      }
    });
    expect(accepted).toBeLessThan(REGISTRATIONS / 20);
  });

  it(`are refused at sign-in, each with an error, ${SIGN_INS} times`, async () => {
    const authenticator = createSoftwareAuthenticator(SITE);
    const info = await webauthn.checkRegistration(RP, CHALLENGE, authenticator.register(WANTED), asked);
    const row = {
      credential_id: Buffer.from(info.credential.id, 'base64url'),
      public_key: Buffer.from(info.credential.publicKey),
      sign_count: info.credential.counter,
      transports: [],
      device_bound: true,
    };
    const base = {
      name: 'sign-in',
      response: { ...authenticator.authenticate(WANTED) } as unknown as Fields,
    };
    const part = (response: Fields): Buffer[] => {
      const inner = response.response as Fields;
      return [bytesOf(inner.clientDataJSON), bytesOf(inner.authenticatorData)];
    };
    await expect(
      webauthn.checkAuthentication(RP, CHALLENGE, row, base.response as never),
    ).resolves.toBeDefined();
    let accepted = 0;
    await assertAll([base], SIGN_INS, async (answers) => {
      for (const { answer } of answers) {
        const parsed = authenticationResponse.safeParse(answer);
        if (!parsed.success) continue;
        const used = await webauthn
          .checkAuthentication(RP, CHALLENGE, row, parsed.data)
          .catch((error: unknown) => error);
        if (used instanceof Error) continue;
        accepted += 1;
        expect(part(parsed.data as never)).toEqual(part(base.response));
      }
    });
    // The handle and the outer id are compared with the passkey's before this.
    expect(accepted).toBeLessThan(SIGN_INS / 2);
  });
});

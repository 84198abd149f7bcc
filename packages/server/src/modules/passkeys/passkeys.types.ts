import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server';
import { z } from 'zod';

const base64url = (max: number) =>
  z
    .string()
    .max(max)
    .regex(/^[A-Za-z0-9_-]*$/, 'This is not base64url.');

/** The shapes of WebAuthn Level 3, section 5.1.8, as far as they are read; unknown members are dropped. */
export const registrationResponse = z.object({
  id: base64url(2048),
  rawId: base64url(2048),
  type: z.literal('public-key'),
  clientExtensionResults: z.record(z.string(), z.unknown()).default({}),
  authenticatorAttachment: z.enum(['platform', 'cross-platform']).optional(),
  response: z.object({
    clientDataJSON: base64url(8192),
    attestationObject: base64url(65_536),
    transports: z.array(z.string().max(32)).max(10).optional(),
  }),
}) as unknown as z.ZodType<RegistrationResponseJSON>;

export const authenticationResponse = z.object({
  id: base64url(2048),
  rawId: base64url(2048),
  type: z.literal('public-key'),
  clientExtensionResults: z.record(z.string(), z.unknown()).default({}),
  authenticatorAttachment: z.enum(['platform', 'cross-platform']).optional(),
  response: z.object({
    clientDataJSON: base64url(8192),
    authenticatorData: base64url(8192),
    signature: base64url(8192),
    userHandle: base64url(128).optional(),
  }),
}) as unknown as z.ZodType<AuthenticationResponseJSON>;

export type { AuthenticationResponseJSON, RegistrationResponseJSON };

/** First match wins; those that repeat what the browser sent come first. */
const OBJECTIONS: readonly (readonly [string, RegExp])[] = [
  ['type', /^Unexpected \w+ response type/],
  ['challenge', /^Unexpected \w+ response challenge/],
  ['origin', /origin/i],
  ['attestation', /attestation/i],
  ['counter', /counter/i],
  ['user_verification', /user verification/i],
  ['user_presence', /user presence|not present/i],
  ['backup', /backup|backed up/i],
  ['rp_id', /RP ID/i],
  ['algorithm', /alg(orithm)?\b/i],
  ['signature', /signature/i],
];

/** What the verifier objected to, as a word for the event; its own sentence stays in the log. */
export const reasonOf = (error: Error): string =>
  OBJECTIONS.find(([, pattern]) => pattern.test(error.message))?.[0] ?? 'response';

import fc from 'fast-check';
import type { MetadataModel } from '../modules/authenticator-metadata/authenticator-metadata.types.js';
import * as attestations from './attestations.js';
import { type Attester, createSoftwareAuthenticator } from './authenticator.js';
import { cbor } from './cbor.js';
import { certify } from './certificates.js';
import { entryOf } from './metadata.js';

export type Fields = Record<string, unknown>;
export interface Base {
  readonly name: string;
  readonly response: Fields;
}
/** One thing wrong with an answer. */
type Fault = (answer: { outer: Fields; inner: Fields; fields: readonly string[] }) => void;

export const bytesOf = (value: unknown): Buffer =>
  Buffer.from(typeof value === 'string' ? value : '', 'base64url');

/** Heads of CBOR that promise much, never end, or mean something odd (RFC 8949, appendix B and F). */
const HEADS = [
  '9bffffffffffffffff',
  'bbffffffffffffffff',
  '5bffffffffffffffff',
  '9affffffff',
  'bf',
  '9f',
  '5f',
  '7f',
  'ff',
  'f6',
  'f7',
  'f97e00',
  'fb7ff0000000000000',
  '1bffffffffffffffff',
  'd818',
  'c249010000000000000000',
  'fc',
  'a0',
  '80',
  '00',
].map((hex) => Buffer.from(hex, 'hex'));

const DEEP = Buffer.alloc(5000, 0x81);
const CLIENT_DATA = [
  'null',
  '[]',
  '"x"',
  '7',
  '{}',
  '{',
  '\u0000',
  '{"type":null,"challenge":null,"origin":null}',
  '{"type":{},"challenge":[],"origin":{}}',
  '{"__proto__":{"type":"webauthn.create"}}',
  '{"type":"webauthn.create","challenge":"","origin":"","tokenBinding":7}',
  '{"constructor":{"prototype":{}},"type":"webauthn.get"}',
  '['.repeat(3000),
  '{"a":'.repeat(1000),
].map((text) => Buffer.from(text));

const at = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const field = fc.nat(7);
const onBytes =
  (change: (bytes: Buffer, from: number) => Buffer) =>
  (place: number, which: number): Fault =>
  ({ inner, fields }) => {
    const name = fields[which % fields.length] ?? '';
    const bytes = bytesOf(inner[name]);
    inner[name] = change(bytes, Math.floor(place * bytes.length)).toString('base64url');
  };

const spliced = (bytes: Buffer, from: number, away: number, more: Buffer): Buffer =>
  Buffer.concat([bytes.subarray(0, from), more, bytes.subarray(from + away)]);

/** What JSON can hold where something else belongs. */
export const odd: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(null, undefined, 0, -1, 0.5, '', true, [], {}, [[]], '\u0000', '=', 'A', 'é', 'none'),
  fc.string({ maxLength: 20 }),
);

const anyCbor: fc.Arbitrary<Buffer> = fc.oneof(
  fc.uint8Array({ maxLength: 40 }).map((bytes) => cbor(Buffer.from(bytes))),
  fc.integer({ min: -70_000, max: 70_000 }).map(cbor),
  fc.string({ maxLength: 20 }).map(cbor),
  fc.constantFrom(...HEADS, DEEP),
);
const PARTS = ['fmt', 'attStmt', 'authData', 'sig', 'x5c', 'alg', 'ver', 'certInfo', 'pubArea', 'response'];

export const fault: fc.Arbitrary<Fault> = fc.oneof(
  fc
    .tuple(at, field, fc.nat(254))
    .map(([place, which, flip]) =>
      onBytes((bytes, from) => spliced(bytes, from, 1, Buffer.from([(bytes[from] ?? 0) ^ (flip + 1)])))(
        place,
        which,
      ),
    ),
  fc
    .tuple(at, field)
    .map(([place, which]) => onBytes((bytes, from) => bytes.subarray(0, from))(place, which)),
  fc
    .tuple(at, field, fc.uint8Array({ minLength: 1, maxLength: 16 }))
    .map(([place, which, more]) =>
      onBytes((bytes, from) => spliced(bytes, from, 0, Buffer.from(more)))(place, which),
    ),
  fc
    .tuple(at, field, fc.nat(64))
    .map(([place, which, size]) =>
      onBytes((bytes, from) => spliced(bytes, from, size, Buffer.alloc(0)))(place, which),
    ),
  fc
    .tuple(at, field, fc.constantFrom(...HEADS, DEEP))
    .map(([place, which, head]) =>
      onBytes((bytes, from) => spliced(bytes, from, head.length, head))(place, which),
    ),
  fc
    .tuple(field, fc.uint8Array({ maxLength: 64 }))
    .map(([which, bytes]) => onBytes(() => Buffer.from(bytes))(0, which)),
  fc.constantFrom(...CLIENT_DATA).map(
    (bytes): Fault =>
      ({ inner }) => {
        inner.clientDataJSON = bytes.toString('base64url');
      },
  ),
  // A key of the statement, or of the object, that holds something else than it should.
  fc.tuple(fc.constantFrom(...PARTS), anyCbor).map(
    ([key, value]): Fault =>
      ({ inner }) => {
        const label = cbor(key);
        const bytes = bytesOf(inner.attestationObject);
        const found = bytes.indexOf(label);
        if (found < 0) return;
        inner.attestationObject = spliced(bytes, found + label.length, value.length, value).toString(
          'base64url',
        );
      },
  ),
  // Another public key in its place (COSE, RFC 9052, section 7).
  fc.array(fc.tuple(fc.constantFrom(1, 2, 3, -1, -2, -3, -4, 'x'), anyCbor), { maxLength: 5 }).map(
    (pairs): Fault =>
      ({ inner }) => {
        const bytes = bytesOf(inner.attestationObject);
        const found = bytes.indexOf(Buffer.from('a501020326', 'hex'));
        if (found < 0) return;
        const key = [
          Buffer.from([0xa0 + pairs.length]),
          ...pairs.flatMap(([label, value]) => [cbor(label), value]),
        ];
        inner.attestationObject = spliced(bytes, found, 77, Buffer.concat(key)).toString('base64url');
      },
  ),
  fc.tuple(field, odd).map(
    ([which, value]): Fault =>
      ({ inner, fields }) => {
        inner[fields[which % fields.length] ?? ''] = value;
      },
  ),
  fc
    .tuple(
      fc.constantFrom('id', 'rawId', 'type', 'response', 'clientExtensionResults', 'authenticatorAttachment'),
      odd,
    )
    .map(
      ([key, value]): Fault =>
        ({ outer }) => {
          outer[key] = value;
        },
    ),
);

/** The answer with its faults. */
export function spoiled({ response }: Base, faults: readonly Fault[]): Fields {
  const outer = structuredClone(response);
  const inner = outer.response as Fields;
  const fields = Object.keys(inner).filter((key) => typeof inner[key] === 'string');
  for (const wrong of faults) wrong({ outer, inner, fields });
  return outer;
}

export const SITE = { rpId: 'localhost', origin: 'http://localhost:8080' };
export const CHALLENGE = Buffer.alloc(32, 7);
export const WANTED = { challenge: CHALLENGE.toString('base64url'), user: { id: 'AAAA' } };
export const AAGUID = '7d2afadd-bf6b-44a2-a66b-e831fceb8eff';
const root = certify({ name: { CN: 'Maker' }, ca: true });
const key = attestations.modelCertificate(root, AAGUID);
const ATTESTERS: Record<string, Attester> = {
  self: attestations.packedSelf(),
  packed: attestations.packed([key, root]),
  tpm: attestations.tpm([attestations.tpmCertificate(root, AAGUID)]),
  android: attestations.androidKey([root]),
  apple: attestations.apple(root),
  u2f: attestations.fidoU2f(key),
};
const entry = entryOf(AAGUID, { roots: [root.certificate] });
/** What the metadata says of the model of all answers. */
export const MODEL: MetadataModel = {
  aaguid: AAGUID,
  description: 'A',
  icon: null,
  statusReports: [],
  statement: entry.metadataStatement,
};
/** Whole answers, one in each format. */
export const bases: readonly Base[] = Object.entries(ATTESTERS).map(([name, attest]) => {
  const aaguid = name === 'u2f' ? undefined : AAGUID;
  const made = createSoftwareAuthenticator(SITE).register(WANTED, { attest, ...(aaguid ? { aaguid } : {}) });
  return { name, response: { ...made } as unknown as Fields };
});
const faultsOn = (from: readonly Base[]) =>
  fc.tuple(fc.constantFrom(...from), fc.array(fault, { minLength: 1, maxLength: 3 }));

/** The same faults every time; the seed and the answer that failed are printed. */
export const SEED = 20_261_125;

/** @param run is given each answer, and throws for one that was not dealt with as it should be */
export async function assertAll(
  from: readonly Base[],
  runs: number,
  run: (answers: readonly { readonly base: Base; readonly answer: Fields }[]) => Promise<void>,
  atOnce = 1,
): Promise<void> {
  const cases = fc.array(faultsOn(from), { minLength: atOnce, maxLength: atOnce });
  const property = fc.asyncProperty(cases, async (faulty) => {
    const answers = faulty.map(([base, faults]) => ({ base, answer: spoiled(base, faults) }));
    await run(answers).catch((error: unknown) => {
      const shown = JSON.stringify(answers.map(({ answer }) => answer));
      throw new Error(`${error instanceof Error ? error.message : error}\nof ${shown}`, { cause: error });
    });
  });
  await fc.assert(property, { seed: SEED, numRuns: runs / atOnce, endOnFailure: true });
}

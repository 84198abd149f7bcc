import { X509Certificate } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { verifyAuthenticationResponse, verifyRegistrationResponse } from '@simplewebauthn/server';
import { convertCertBufferToPEM, validateCertificatePath } from '@simplewebauthn/server/helpers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as attestations from '../../testing/attestations.js';
import {
  type Algorithm,
  type Attester,
  createSoftwareAuthenticator,
  type Tampering,
} from '../../testing/authenticator.js';
import { type Certified, certify, crlAddress } from '../../testing/certificates.js';
import { entryOf } from '../../testing/metadata.js';
import { VECTOR_ROOT, VECTORS, type Vector } from '../../testing/webauthn-vectors.js';
import type { MetadataModel } from '../authenticator-metadata/authenticator-metadata.types.js';
import { NOT_ATTESTED } from './models.js';
import { reasonOf } from './passkeys.types.js';
import * as webauthn from './webauthn.js';

const SITE = { rpId: 'example.org', origin: 'https://example.org' };
const RP = { id: SITE.rpId, origins: [SITE.origin] };
const CHALLENGE = Buffer.alloc(32, 7);
const AAGUID = '7d2afadd-bf6b-44a2-a66b-e831fceb8eff';
const WANTED = { challenge: CHALLENGE.toString('base64url'), user: { id: 'AAAA' } };

const root = certify({ name: { CN: 'Maker' }, ca: true });
const stranger = certify({ name: { CN: 'Stranger' }, ca: true });

/** What the metadata would say of the model. */
function modelOf(roots: readonly Buffer[], more: Parameters<typeof entryOf>[1] = {}): MetadataModel {
  const entry = entryOf(AAGUID, { ...more, roots });
  const { statusReports, metadataStatement: statement } = entry;
  return { aaguid: AAGUID, description: statement.description, icon: null, statusReports, statement };
}

type Response = ReturnType<ReturnType<typeof createSoftwareAuthenticator>['register']>;

const check = (response: Response, conveyance: webauthn.Conveyance = 'NONE', model?: MetadataModel) =>
  webauthn.checkRegistration(RP, CHALLENGE, response, {
    conveyance,
    findModel: async (aaguid) => (aaguid === AAGUID ? model : undefined),
  });

const register = (tampering: Tampering) => createSoftwareAuthenticator(SITE).register(WANTED, tampering);
const attested = (attest: Attester, more: Tampering = {}) => register({ aaguid: AAGUID, attest, ...more });

/** The word that the event would have. */
const objection = (checked: Promise<unknown>): Promise<string> =>
  checked.then(
    () => 'accepted',
    (error: Error) => reasonOf(error),
  );

async function bound(tampering: Tampering = {}) {
  const authenticator = createSoftwareAuthenticator(SITE);
  const info = await check(authenticator.register(WANTED, tampering));
  const row = {
    credential_id: Buffer.from(info.credential.id, 'base64url'),
    public_key: Buffer.from(info.credential.publicKey),
    sign_count: info.credential.counter,
    transports: [],
    device_bound: info.credentialDeviceType === 'singleDevice',
  };
  const use = (more: Tampering = {}) =>
    webauthn.checkAuthentication(RP, CHALLENGE, row, authenticator.authenticate(WANTED, more));
  return { info, row, use };
}

describe('a new passkey', () => {
  it.each<[string, Tampering, string]>([
    ['another origin', { origin: 'https://example.org.evil.test' }, 'origin'],
    ['the origin on another port', { origin: 'https://example.org:8443' }, 'origin'],
    ['another relying party', { rpId: 'evil.test' }, 'rp_id'],
    ['the type of a sign-in', { type: 'webauthn.get' }, 'type'],
    ['another challenge', { challenge: Buffer.alloc(32, 8).toString('base64url') }, 'challenge'],
    ['nobody present', { userPresent: false }, 'user_presence'],
    ['nobody verified', { userVerified: false }, 'user_verification'],
    ['a backup of what can have none', { backedUp: true }, 'backup'],
    ['an algorithm that was not offered', { algorithm: 'ES384' }, 'algorithm'],
    ['the id of another credential', { id: 'AAAAAAAAAAAAAAAAAAAAAA' }, 'response'],
    ['an unknown format', { attestationFormat: 'compound' }, 'attestation'],
  ])('is refused with %s', async (_, tampering, reason) => {
    expect(await objection(check(register(tampering)))).toBe(reason);
  });

  it.each<[Algorithm, number]>([
    ['ES256', -7],
    ['EdDSA', -8],
    ['RS256', -257],
  ])('may be of the algorithm %s, and signs in with it', async (algorithm, cose) => {
    const { info, use } = await bound({ algorithm });
    expect(webauthn.algorithmOf(info.credential.publicKey)).toBe(cose);
    await expect(use()).resolves.toMatchObject({ userVerified: true });
  });

  it('is asked to attest only where that is wanted', async () => {
    const user = { realmId: AAGUID, id: AAGUID, username: 'ada', displayName: 'Ada' };
    const asked = async (conveyance: webauthn.Conveyance) =>
      (await webauthn.registrationOptions(RP, 'People', user, [], new Uint8Array(CHALLENGE), conveyance))
        .attestation;
    expect([await asked('NONE'), await asked('DIRECT')]).toEqual(['none', 'direct']);
  });
});

describe('a sign-in', () => {
  it.each<[string, Tampering, string]>([
    ['another origin', { origin: 'https://example.org.evil.test' }, 'origin'],
    ['a page around ours', { topOrigin: 'https://evil.test' }, 'origin'],
    ['another relying party', { rpId: 'evil.test' }, 'rp_id'],
    ['the type of a registration', { type: 'webauthn.create' }, 'type'],
    ['another challenge', { challenge: Buffer.alloc(32, 8).toString('base64url') }, 'challenge'],
    ['nobody present', { userPresent: false }, 'user_presence'],
    ['nobody verified', { userVerified: false }, 'user_verification'],
    ['a signature with one bit changed', { breakSignature: true }, 'signature'],
    ['a backup of what can have none', { backedUp: true }, 'backup'],
    ['a device-bound key that could suddenly be copied', { backupEligible: true }, 'backup'],
    ['a counter that stood still', { counter: 1 }, 'counter'],
    ['a counter that went back to nothing', { counter: 0 }, 'counter'],
  ])('is refused with %s', async (_, tampering, reason) => {
    const { use } = await bound();
    expect(await objection(use(tampering))).toBe(reason);
  });

  it('follows the backup of a synced passkey as it comes and goes', async () => {
    const { info, use } = await bound({ backupEligible: true });
    expect(info).toMatchObject({ credentialDeviceType: 'multiDevice', credentialBackedUp: false });
    const seen = [];
    for (const backedUp of [true, false, true])
      seen.push((await use({ backupEligible: true, backedUp })).credentialBackedUp);
    expect(seen).toEqual([true, false, true]);
    expect(await objection(use())).toBe('backup');
  });

  it('takes no counter for a clone where the authenticator counts nothing', async () => {
    const { use } = await bound({ counter: 0 });
    await expect(use({ counter: 0 })).resolves.toMatchObject({ newCounter: 0 });
    await expect(use({ counter: 0 })).resolves.toMatchObject({ newCounter: 0 });
  });
});

const makerKey = attestations.modelCertificate(root, AAGUID);
const tpmKey = attestations.tpmCertificate(root, AAGUID);
const FORMATS: [string, Attester][] = [
  ['packed', attestations.packed([makerKey])],
  ['packed, with the anchor in its chain', attestations.packed([makerKey, root])],
  ['tpm', attestations.tpm([tpmKey])],
  ['android-key', attestations.androidKey([root])],
  ['apple', attestations.apple(root)],
];

describe('an attestation', () => {
  it.each(FORMATS)('in the format %s is verified where the metadata knows its maker', async (_, attest) => {
    const model = modelOf([root.certificate]);
    expect(await check(attested(attest), 'DIRECT', model)).toMatchObject({ attestation: 'VERIFIED', model });
  });

  it.each(FORMATS)('in the format %s is refused where another poses as the maker', async (_, attest) => {
    const model = modelOf([stranger.certificate]);
    expect(await objection(check(attested(attest), 'DIRECT', model))).toBe('attestation');
  });

  it.each(FORMATS)('in the format %s is not looked at where none was asked for', async (_, attest) => {
    expect(await objection(check(attested(attest), 'NONE'))).toBe('attestation');
  });

  it.each(FORMATS.filter(([name]) => name !== 'apple'))(
    'in the format %s is worth little where the metadata does not know the model',
    async (_, attest) => {
      expect(await check(attested(attest), 'DIRECT')).toMatchObject({ attestation: 'UNVERIFIED' });
    },
  );

  it('in Apple’s format comes from Apple, or is refused', async () => {
    expect(await objection(check(attested(attestations.apple(root)), 'DIRECT'))).toBe('attestation');
  });

  it('of U2F is taken, but names no model that anyone could vouch for', async () => {
    const response = register({ attest: attestations.fidoU2f(makerKey) });
    expect(await check(response, 'DIRECT', modelOf([root.certificate]))).toMatchObject({
      attestation: 'UNVERIFIED',
      aaguid: NOT_ATTESTED,
    });
    const claims = attested(attestations.fidoU2f(makerKey));
    expect(await objection(check(claims, 'DIRECT', modelOf([root.certificate])))).not.toBe('accepted');
  });

  it.each<webauthn.Conveyance>(['NONE', 'DIRECT'])(
    'by the new key itself is SELF, asked %s',
    async (asked) => {
      for (const algorithm of ['ES256', 'EdDSA', 'RS256'] as const)
        expect(
          await check(attested(attestations.packedSelf(), { algorithm }), asked, modelOf([root.certificate])),
        ).toMatchObject({ attestation: 'SELF', fmt: 'packed' });
    },
  );

  it('may be missing although it was asked for', async () => {
    expect(await check(register({ aaguid: AAGUID }), 'DIRECT')).toMatchObject({ attestation: 'NONE' });
  });

  const at = (days: number) => new Date(Date.now() + days * 86_400_000);
  const between = certify({ name: { CN: 'Between' }, by: root, ca: true });
  const deep = attestations.modelCertificate(between, AAGUID);
  const noAuthority = certify({ name: { CN: 'No authority' }, by: root });
  const other = certify({ name: { CN: 'Maker' }, ca: true });
  const anotherModel = attestations.modelCertificate(root, '00000000-0000-4000-8000-000000000001');

  it('may reach its anchor over certificates in between, if they all come along', async () => {
    const model = modelOf([root.certificate]);
    const whole = attested(attestations.packed([deep, between]));
    expect(await check(whole, 'DIRECT', model)).toMatchObject({ attestation: 'VERIFIED' });
    expect(await objection(check(attested(attestations.packed([deep])), 'DIRECT', model))).toBe(
      'attestation',
    );
  });

  it('may be by the one certificate that the metadata names', async () => {
    const alone = attestations.modelCertificate(stranger, AAGUID);
    const model = modelOf([alone.certificate]);
    expect(await check(attested(attestations.packed([alone])), 'DIRECT', model)).toMatchObject({
      attestation: 'VERIFIED',
    });
    const below = attestations.modelCertificate(alone, AAGUID);
    expect(await objection(check(attested(attestations.packed([below])), 'DIRECT', model))).toBe(
      'attestation',
    );
  });

  it.each<[string, Attester]>([
    [
      'a certificate that is over',
      attestations.packed([attestations.modelCertificate(root, AAGUID, { until: at(-1) })]),
    ],
    [
      'a certificate that has not begun',
      attestations.packed([attestations.modelCertificate(root, AAGUID, { from: at(1) })]),
    ],
    [
      'an authority that is none',
      attestations.packed([attestations.modelCertificate(noAuthority, AAGUID), noAuthority]),
    ],
    ['an authority of the same name', attestations.packed([attestations.modelCertificate(other, AAGUID)])],
    ['the certificate of another model', attestations.packed([anotherModel])],
    [
      'a certificate of an authority',
      attestations.packed([attestations.modelCertificate(root, AAGUID, { ca: true })]),
    ],
    [
      'the certificate of one and the key of another',
      attestations.packed([{ ...makerKey, key: stranger.key }]),
    ],
    ['another algorithm than it says', attestations.packedSelf(-257)],
    ['an algorithm that nobody knows', attestations.packedSelf(-9999)],
    ['a TPM that is none', attestations.tpm([tpmKey], '00000000')],
    [
      'an Android key made for something else',
      attestations.androidKey([root], { challenge: Buffer.alloc(32) }),
    ],
    ['an Apple certificate made for something else', attestations.apple(root, Buffer.alloc(32))],
    ['no certificates in its list', () => ({ fmt: 'packed', attStmt: new Map([['x5c', []]]) })],
    ['a list that is none', () => ({ fmt: 'packed', attStmt: new Map([['x5c', 7]]) })],
    ['rubbish for a certificate', () => ({ fmt: 'packed', attStmt: new Map([['x5c', [Buffer.from('x')]]]) })],
    ['nine certificates', attestations.packed([makerKey, ...Array<Certified>(8).fill(root)])],
    ['a statement that is no map', () => ({ fmt: 'packed', attStmt: 'x' })],
    ['something in the statement of nothing', () => ({ fmt: 'none', attStmt: new Map([['sig', 1]]) })],
    ['the format that Google ended', () => ({ fmt: 'android-safetynet', attStmt: new Map() })],
    ['one certificate for Android', onlyLeaf()],
  ])('is refused with %s', async (_, attest) => {
    const checked = check(attested(attest), 'DIRECT', modelOf([root.certificate]));
    expect(await objection(checked)).not.toBe('accepted');
  });

  it.each([
    ['does not attest', { types: ['basic_surrogate'] }],
    ['has other algorithms', { algorithms: ['rsassa_pkcsv15_sha256_raw'] }],
  ])('is refused for a model that %s', async (_, more) => {
    const model = modelOf([root.certificate], more);
    expect(await objection(check(attested(attestations.packed([makerKey])), 'DIRECT', model))).toBe(
      'attestation',
    );
  });
});

/** Android's format with the new key's certificate alone. */
function onlyLeaf(): Attester {
  return (made) => {
    const { fmt, attStmt } = attestations.androidKey([root])(made);
    const statement = new Map(attStmt as Map<string, never>);
    const [leaf] = statement.get('x5c') as unknown as Buffer[];
    return { fmt, attStmt: new Map([...statement, ['x5c', [leaf]]]) as never };
  };
}

describe('the addresses in certificates', () => {
  let server: Server;
  let asked = 0;
  let extensions: Buffer[];

  beforeAll(async () => {
    server = createServer((_request, response) => {
      asked += 1;
      response.end();
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const address = server.address();
    if (typeof address !== 'object' || !address) throw new Error('no port');
    extensions = [crlAddress(`http://127.0.0.1:${address.port}/list`)];
  });
  afterAll(() => new Promise((done) => server.close(done)));

  it('are never asked, whoever wrote them and whatever comes of the registration', async () => {
    const anchor = certify({ name: { CN: 'Anchor' }, ca: true, extensions });
    const between = certify({ name: { CN: 'Between' }, by: anchor, ca: true, extensions });
    const leaf = attestations.modelCertificate(between, AAGUID, { extensions });
    const chain = [between, anchor] as const;
    const attesters: Attester[] = [
      attestations.packed([leaf, ...chain]),
      attestations.tpm([attestations.tpmCertificate(between, AAGUID, extensions), ...chain]),
      attestations.androidKey(chain),
      attestations.androidKey(chain, { extensions }),
      attestations.androidKey([anchor]),
      attestations.androidKey([anchor], { extensions }),
      attestations.apple(between),
      attestations.fidoU2f(leaf),
    ];
    for (const attest of attesters)
      for (const model of [undefined, modelOf([anchor.certificate]), modelOf([root.certificate])])
        for (const conveyance of ['NONE', 'DIRECT'] as const) {
          await objection(check(attested(attest), conveyance, model));
          await objection(check(register({ attest }), conveyance, model));
        }
    expect(asked).toBe(0);

    // The library would have asked, and the list stands where we look for it.
    const [below, above] = [leaf, between].map(({ certificate }) =>
      convertCertBufferToPEM(new Uint8Array(certificate)),
    );
    await validateCertificatePath([below ?? ''], [above ?? '']).catch(() => undefined);
    expect(asked).toBe(1);
  });

  it('do not keep an Android key from being verified, as long as its own certificate has none', async () => {
    const anchor = certify({ name: { CN: 'Anchor' }, ca: true, extensions });
    const between = certify({ name: { CN: 'Between' }, by: anchor, ca: true, extensions });
    const response = attested(attestations.androidKey([between, anchor]));
    expect(await check(response, 'DIRECT', modelOf([anchor.certificate]))).toMatchObject({
      attestation: 'VERIFIED',
    });
  });
});

describe('the test vectors of the specification', () => {
  const bytes = (hex: string): string => Buffer.from(hex, 'hex').toString('base64url');
  const common = ({ credentialId }: Vector) => ({
    id: bytes(credentialId),
    rawId: bytes(credentialId),
    type: 'public-key' as const,
    clientExtensionResults: {},
  });
  const registrationOf = (vector: Vector) => ({
    ...common(vector),
    response: {
      clientDataJSON: bytes(vector.registration.clientData),
      attestationObject: bytes(vector.registration.attestationObject),
    },
  });
  const authenticationOf = (vector: Vector) => ({
    ...common(vector),
    response: {
      clientDataJSON: bytes(vector.authentication.clientData),
      authenticatorData: bytes(vector.authentication.authenticatorData),
      signature: bytes(vector.authentication.signature),
    },
  });
  const named = (name: string): Vector => {
    const vector = VECTORS.find((one) => one.name === name);
    if (!vector) throw new Error(name);
    return vector;
  };
  const vectorRoot = Buffer.from(VECTOR_ROOT, 'hex');
  const ours = (vector: Vector, roots?: Buffer[]) =>
    webauthn.checkRegistration(
      RP,
      Buffer.from(vector.registration.challenge, 'hex'),
      registrationOf(vector),
      {
        conveyance: 'DIRECT',
        findModel: async () => roots && modelOf(roots, { algorithms: ['rsassa_pkcsv15_sha256_raw'] }),
      },
    );

  it.each(VECTORS)('$name are good, where nobody has to be verified', async (vector) => {
    const registered = await verifyRegistrationResponse({
      response: registrationOf(vector),
      expectedChallenge: bytes(vector.registration.challenge),
      expectedOrigin: SITE.origin,
      expectedRPID: SITE.rpId,
      requireUserVerification: false,
      supportedAlgorithmIDs: [-7, -257],
    });
    if (!registered.registrationInfo) throw new Error('not verified');
    const used = await verifyAuthenticationResponse({
      response: authenticationOf(vector),
      expectedChallenge: bytes(vector.authentication.challenge),
      expectedOrigin: SITE.origin,
      expectedRPID: SITE.rpId,
      requireUserVerification: false,
      credential: registered.registrationInfo.credential,
    });
    expect(used.verified).toBe(true);
  });

  it('with a verified user are taken by us, each for what it proves', async () => {
    expect(await ours(named('packed-self.ES256'))).toMatchObject({ attestation: 'SELF' });
    expect(await ours(named('packed.RS256'))).toMatchObject({ attestation: 'UNVERIFIED' });
    expect(await ours(named('packed.RS256'), [vectorRoot])).toMatchObject({ attestation: 'VERIFIED' });
    expect(await objection(ours(named('packed.RS256'), [root.certificate]))).toBe('attestation');
    expect(new X509Certificate(vectorRoot).ca).toBe(true);
  });

  it('without a verified user are refused by us for that alone', async () => {
    expect(await objection(ours(named('none.ES256')))).toBe('user_verification');
    for (const name of ['packed-self.ES256', 'packed.RS256']) {
      const vector = named(name);
      const { credential, credentialDeviceType } = await ours(vector);
      const row = {
        credential_id: Buffer.from(credential.id, 'base64url'),
        public_key: Buffer.from(credential.publicKey),
        sign_count: credential.counter,
        transports: [],
        device_bound: credentialDeviceType === 'singleDevice',
      };
      const challenge = Buffer.from(vector.authentication.challenge, 'hex');
      expect(
        await objection(webauthn.checkAuthentication(RP, challenge, row, authenticationOf(vector))),
      ).toBe('user_verification');
    }
  });
});

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RealmCtx } from '../../kernel/context.js';
import { newId } from '../../kernel/ids.js';
import { buildTestApp, facts, type TestApp } from '../../testing/app.js';
import * as attestations from '../../testing/attestations.js';
import { createSoftwareAuthenticator, type Tampering } from '../../testing/authenticator.js';
import { certify } from '../../testing/certificates.js';
import { createMetadataAuthority, entryOf } from '../../testing/metadata.js';

const SITE = { rpId: 'localhost', origin: 'http://localhost:8080' };
const fido = createMetadataAuthority();
const root = certify({ name: { CN: 'Maker' }, ca: true });
const nth = (number: number): string => `00000000-0000-4000-8000-00000000000${number}`;
const [GOOD, UPDATED, WEAK, UNLISTED] = [1, 2, 3, 4].map(nth) as [string, string, string, string];
const ZERO = '00000000-0000-0000-0000-000000000000';
const attestedAs = (aaguid: string): Tampering => ({
  aaguid,
  attest: attestations.packed([attestations.modelCertificate(root, aaguid)]),
});

interface Rules {
  readonly attestation?: 'NONE' | 'DIRECT';
  readonly allowed?: readonly string[] | null;
  readonly denied?: readonly string[];
}

describe('the rules of a realm about models', () => {
  let test: TestApp;
  let realm: RealmCtx;
  let visitor: RealmCtx;

  const rules = ({ attestation = 'NONE', allowed = null, denied = [] }: Rules) =>
    test.database.pool.query(
      `update authenticator_configs set attestation = $2, allowed_models = $3, denied_models = $4
       where realm_id = $1 and managed = 'HOSTED_WEB'`,
      [realm.realm.id, attestation, allowed, denied],
    );

  beforeAll(async () => {
    test = await buildTestApp({ metadataTrust: fido.trust });
    const made = await test.services.realms.create(await test.caller(), { displayName: 'People' });
    realm = await test.caller(undefined, made.id);
    visitor = { ...realm, actor: { kind: 'ANONYMOUS' }, grants: new Map() };
    const roots = [root.certificate];
    const entries = [
      entryOf(GOOD, { description: 'Good Key', roots }),
      entryOf(UPDATED, { description: 'Old Key', roots, statuses: [{ status: 'UPDATE_AVAILABLE' }] }),
      entryOf(WEAK, {
        description: 'Weak Key',
        roots,
        statuses: [{ status: 'USER_KEY_PHYSICAL_COMPROMISE' }],
      }),
    ];
    const blob = fido.blob({ no: 1, nextUpdate: '2026-12-24', entries });
    await test.services.authenticatorMetadata.import(
      facts(),
      { kind: 'SYSTEM', displayName: 'Operator' },
      blob,
    );
  });
  afterAll(() => test.close());
  beforeEach(() => rules({}));

  async function bind(tampering: Tampering) {
    const authenticator = createSoftwareAuthenticator(SITE);
    const identity = await test.services.identities.create(realm, { username: newId() });
    const { link, job } = await test.services.bindingJobs.create(realm, { identityId: identity.id });
    const token = link.split('#token=')[1] ?? '';
    const asked = await test.services.registration.options(visitor, { token });
    if (asked.result !== 'options') throw new Error(asked.code);
    const { challengeId, options } = asked;
    const response = authenticator.register(options, tampering);
    const outcome = await test.services.registration.verify(visitor, { token, challengeId, response });
    const events = await test.services.events.list(
      realm,
      { correlationId: job.correlation_id, types: ['registration.completed', 'registration.failed'] },
      {},
    );
    const passkeys = await test.database.pool.query(
      'select name, attestation, attested_model from passkeys where identity_id = $1',
      [identity.id],
    );
    return {
      conveyance: options.attestation,
      outcome,
      event: events.items[0]?.node,
      passkeys: passkeys.rows,
      authenticator,
    };
  }

  it('asks for no attestation, and remembers the model as a claim', async () => {
    const { conveyance, outcome, event, passkeys } = await bind({ aaguid: GOOD });
    expect(conveyance).toBe('none');
    expect(outcome.result).toBe('bound');
    expect(passkeys).toEqual([{ name: 'Passkey on Linux', attestation: 'NONE', attested_model: null }]);
    expect(event?.data).toMatchObject({ aaguid: GOOD, attestation: 'NONE' });
  });

  it('asks for one where the config says so, keeps what was proved, and shows it', async () => {
    await rules({ attestation: 'DIRECT' });
    const { conveyance, outcome, event, passkeys } = await bind(attestedAs(GOOD));
    expect(conveyance).toBe('direct');
    expect(passkeys).toEqual([
      { name: 'Good Key on Linux', attestation: 'VERIFIED', attested_model: 'Good Key' },
    ]);
    expect(event?.data).toMatchObject({ aaguid: GOOD, modelName: 'Good Key', attestation: 'VERIFIED' });
    expect(event?.data).not.toHaveProperty('updateAvailable');
    if (outcome.result !== 'bound') throw new Error(outcome.code);
    const { data } = await test.graphql(
      await test.apiToken(),
      `query($realm: ID!, $id: ID!) {
        realm(id: $realm) { credential(id: $id) { attestation model { kind name } } }
      }`,
      { realm: realm.realm.id, id: outcome.passkey.id },
    );
    expect(data).toEqual({
      realm: { credential: { attestation: 'VERIFIED', model: { kind: 'KNOWN', name: 'Good Key' } } },
    });
  });

  it.each<[string, Tampering, string]>([
    ['nothing', { aaguid: GOOD }, 'NONE'],
    ['its own key', { aaguid: GOOD, attest: attestations.packedSelf() }, 'SELF'],
    ['a maker that the metadata does not know', attestedAs(UNLISTED), 'UNVERIFIED'],
  ])('takes %s for what it is where any model may come', async (_, tampering, attestation) => {
    await rules({ attestation: 'DIRECT' });
    const { event, passkeys } = await bind(tampering);
    expect(passkeys).toEqual([{ name: 'Passkey on Linux', attestation, attested_model: null }]);
    expect(event?.data).toMatchObject({ attestation });
  });

  it('takes a model that has an update, and writes that down', async () => {
    await rules({ attestation: 'DIRECT' });
    const { outcome, event } = await bind(attestedAs(UPDATED));
    expect(outcome.result).toBe('bound');
    expect(event?.data).toMatchObject({ modelName: 'Old Key', updateAvailable: true });
  });

  it.each<[string, Rules, Tampering, string, string]>([
    ['denied', { denied: [GOOD] }, { aaguid: GOOD }, 'model_denied', 'can’t be used here'],
    [
      'denied and proved',
      { denied: [GOOD], attestation: 'DIRECT' },
      attestedAs(GOOD),
      'model_denied',
      'Good Key',
    ],
    ['denied and allowed', { denied: [GOOD], allowed: [GOOD] }, { aaguid: GOOD }, 'model_denied', GOOD],
    ['not in the list', { allowed: [GOOD] }, { aaguid: WEAK }, 'model_not_listed', WEAK],
    [
      'nameless where a list is kept',
      { allowed: [GOOD] },
      { aaguid: ZERO },
      'model_not_listed',
      'does not name its model',
    ],
    ['of an empty list', { allowed: [] }, { aaguid: GOOD }, 'model_not_listed', GOOD],
    [
      'proved, and known to be weak',
      { attestation: 'DIRECT' },
      attestedAs(WEAK),
      'model_compromised',
      'Weak Key has a known weakness',
    ],
    [
      'claimed, and known to be weak',
      { attestation: 'DIRECT' },
      { aaguid: WEAK },
      'model_compromised',
      'Weak Key',
    ],
    [
      'only claimed',
      { attestation: 'DIRECT', allowed: [GOOD] },
      { aaguid: GOOD },
      'model_not_attested',
      'prove their model',
    ],
    [
      'only claimed by its own key',
      { attestation: 'DIRECT', allowed: [GOOD] },
      { aaguid: GOOD, attest: attestations.packedSelf() },
      'model_not_attested',
      'prove',
    ],
    [
      'vouched for by nobody known',
      { attestation: 'DIRECT', allowed: [UNLISTED] },
      attestedAs(UNLISTED),
      'model_not_attested',
      'prove',
    ],
  ])('refuse a model that is %s, in a sentence', async (_, set, tampering, reason, sentence) => {
    await rules(set);
    const { outcome, event, passkeys } = await bind(tampering);
    expect(outcome).toMatchObject({ result: 'refused', code: 'MODEL_NOT_ALLOWED' });
    expect('message' in outcome && outcome.message.replaceAll("'", '’')).toContain(sentence);
    expect(event).toMatchObject({ type: 'registration.failed', outcome: 'DENY', data: { reason } });
    expect(event?.data).toMatchObject({ aaguid: tampering.aaguid, attestation: expect.any(String) });
    expect(passkeys).toEqual([]);
  });

  it('let a listed model pass that is proved where proof is asked, and claimed where none is', async () => {
    await rules({ allowed: [GOOD] });
    const claimed = await bind({ aaguid: GOOD });
    expect(claimed).toMatchObject({ outcome: { result: 'bound' }, event: { data: { attestation: 'NONE' } } });
    await rules({ allowed: [GOOD], attestation: 'DIRECT' });
    const proved = await bind(attestedAs(GOOD));
    expect(proved).toMatchObject({
      outcome: { result: 'bound' },
      event: { data: { attestation: 'VERIFIED' } },
    });
  });

  it('refuse who poses as a model, and say nothing of why', async () => {
    await rules({ attestation: 'DIRECT' });
    const forger = certify({ name: { CN: 'Maker' }, ca: true });
    const signer = attestations.modelCertificate(forger, GOOD);
    const { outcome, event } = await bind({ aaguid: GOOD, attest: attestations.packed([signer, forger]) });
    expect(outcome).toMatchObject({
      code: 'PASSKEY_REFUSED',
      message: 'This passkey was not accepted. Please try again.',
    });
    expect(event?.data).toMatchObject({ reason: 'attestation' });
  });

  it('leave those alone who have a passkey of a model that is denied later', async () => {
    const { authenticator, outcome } = await bind({ aaguid: GOOD });
    expect(outcome.result).toBe('bound');
    await rules({ denied: [GOOD] });
    const interactionId = newId();
    const { challengeId, options } = await test.services.authentication.options(
      realm,
      interactionId,
      newId(),
    );
    const signedIn = await test.services.authentication.verify(visitor, {
      interactionId,
      applicationId: newId(),
      challengeId,
      response: authenticator.authenticate(options),
    });
    expect(signedIn.result).toBe('succeeded');
  });

  it('are asked as they are when the passkey comes, not as they were when it was begun', async () => {
    const authenticator = createSoftwareAuthenticator(SITE);
    const identity = await test.services.identities.create(realm, { username: newId() });
    const { link } = await test.services.bindingJobs.create(realm, { identityId: identity.id });
    const token = link.split('#token=')[1] ?? '';
    const asked = await test.services.registration.options(visitor, { token });
    if (asked.result !== 'options') throw new Error(asked.code);
    await rules({ denied: [GOOD] });
    const response = authenticator.register(asked.options, { aaguid: GOOD });
    expect(
      await test.services.registration.verify(visitor, { token, challengeId: asked.challengeId, response }),
    ).toMatchObject({ code: 'MODEL_NOT_ALLOWED' });
  });

  it('reach a policy: whether the maker vouched for the model', async () => {
    await rules({ attestation: 'DIRECT' });
    for (const [tampering, expected] of [
      [attestedAs(GOOD), true],
      [{ aaguid: GOOD }, false],
    ] as const) {
      const identity = await test.services.identities.create(realm, { username: newId() });
      const { link, job } = await test.services.bindingJobs.create(realm, { identityId: identity.id });
      const token = link.split('#token=')[1] ?? '';
      const asked = await test.services.registration.options(visitor, { token });
      if (asked.result !== 'options') throw new Error(asked.code);
      const response = createSoftwareAuthenticator(SITE).register(asked.options, tampering);
      await test.services.registration.verify(visitor, { token, challengeId: asked.challengeId, response });
      const seen = await test.services.events.list(
        realm,
        { correlationId: job.correlation_id, types: ['policy.evaluated'] },
        {},
      );
      expect(seen.items[0]?.node.data).toMatchObject({ facts: { 'passkey.attested': expected } });
    }
  });
});

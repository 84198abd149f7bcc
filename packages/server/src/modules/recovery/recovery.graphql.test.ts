import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RealmCtx } from '../../kernel/context.js';
import { ALL_SCOPES, type Scope } from '../../kernel/permissions.js';
import { listenTestApp, type TestApp } from '../../testing/app.js';
import { bind, enrol } from '../../testing/people.js';

const RECOVER = `mutation ($input: RecoverIdentityInput!) { recoverIdentity(input: $input) {
  bindingLink revokedCredentials credentialBindingJob { delivery } warnings { code } errors { code path } } }`;
const STOP = `mutation ($input: StopRecoveryInput!) { stopRecovery(input: $input) {
  identity { id } errors { code } } }`;
const SETTINGS = `query ($id: ID!) { realm(id: $id) { recoverySettings {
  emailLink waitingMinutes existingPasskeys version } } }`;

interface Recovered {
  recoverIdentity: {
    bindingLink: string | null;
    revokedCredentials: number | null;
    errors: { code: string; path: string[] | null }[];
  };
}

describe('recovery by an administrator', () => {
  let test: TestApp;
  let realm: RealmCtx;
  let people = 0;

  beforeAll(async () => {
    test = await listenTestApp();
    const made = await test.services.realms.create(await test.caller(), { displayName: 'People' });
    realm = await test.caller(ALL_SCOPES, made.id);
  });
  afterAll(() => test.close());

  const recover = async (input: object, scopes?: Scope[], realmId = realm.realm.id) =>
    test.graphql<Recovered>(await test.apiToken(scopes), RECOVER, {
      input: {
        realmId,
        reason: 'Phone lost on a train',
        delivery: 'RETURN',
        existingPasskeys: 'KEEP',
        ...input,
      },
    });
  const passkeysOf = async (id: string) =>
    (
      await test.database.db
        .selectFrom('passkeys')
        .select('status')
        .where('identity_id', '=', id)
        .orderBy('id')
        .execute()
    ).map(({ status }) => status);

  it('takes the old passkeys at once, gives a link, and keeps the reason', async () => {
    const person = await enrol(test, realm, `person${++people}`);
    const { data } = await recover({ identityId: person.id, existingPasskeys: 'REVOKE' });
    expect(data.recoverIdentity).toMatchObject({ revokedCredentials: 1, errors: [] });
    expect(await passkeysOf(person.id)).toEqual(['REVOKED']);
    await bind(data.recoverIdentity.bindingLink ?? '');
    expect(await passkeysOf(person.id)).toEqual(['REVOKED', 'ACTIVE']);
    const events = await test.database.db
      .selectFrom('events')
      .select(['type', 'data'])
      .where('realm_id', '=', realm.realm.id)
      .where('subject_id', '=', person.id)
      .where('type', 'like', 'recovery.%')
      .orderBy('id')
      .execute();
    expect(events.map(({ type }) => type)).toEqual(['recovery.requested', 'recovery.completed']);
    expect(events[0]?.data).toMatchObject({ method: 'ADMINISTRATOR', reason: 'Phone lost on a train' });
    const jobs = await test.database.db
      .selectFrom('credential_binding_jobs')
      .select('reason')
      .where('identity_id', '=', person.id)
      .orderBy('id', 'desc')
      .execute();
    expect(jobs[0]?.reason).toBe('Phone lost on a train');
  });

  it('keeps the old passkeys where that was chosen', async () => {
    const person = await enrol(test, realm, `person${++people}`);
    const { data } = await recover({ identityId: person.id });
    await bind(data.recoverIdentity.bindingLink ?? '');
    expect(await passkeysOf(person.id)).toEqual(['ACTIVE', 'ACTIVE']);
  });

  it('ends an open request, and is ended itself by who may revoke links', async () => {
    const person = await enrol(test, realm, `person${++people}`);
    const first = await recover({ identityId: person.id });
    const second = await recover({ identityId: person.id });
    await expect(bind(first.data.recoverIdentity.bindingLink ?? '')).rejects.toThrow('LINK_REVOKED');
    const input = { realmId: realm.realm.id, identityId: person.id };
    const reader = await test.apiToken(['credential-binding-jobs:read']);
    expect((await test.graphql(reader, STOP, { input })).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    const token = await test.apiToken();
    expect((await test.graphql(token, STOP, { input })).data).toEqual({
      stopRecovery: { identity: { id: person.id }, errors: [] },
    });
    await expect(bind(second.data.recoverIdentity.bindingLink ?? '')).rejects.toThrow('LINK_REVOKED');
    expect((await test.graphql(token, STOP, { input })).data).toEqual({
      stopRecovery: { identity: null, errors: [{ code: 'NOT_FOUND' }] },
    });
  });

  it('needs both scopes, a reason, a person of this realm and one who may act', async () => {
    const person = await enrol(test, realm, `person${++people}`);
    const identityId = person.id;
    const refused = async (input: object, scopes: Scope[]) =>
      (await recover({ identityId, ...input }, scopes)).errors?.[0]?.extensions.code;
    expect(await refused({}, ['credentials:revoke'])).toBe('FORBIDDEN');
    expect(await refused({ existingPasskeys: 'REVOKE' }, ['credential-binding-jobs:create'])).toBe(
      'FORBIDDEN',
    );
    const errorsOf = async (input: object, realmId?: string) =>
      (await recover({ identityId, ...input }, undefined, realmId)).data.recoverIdentity.errors;
    expect(await errorsOf({ reason: '  ' })).toMatchObject([{ code: 'INVALID_INPUT', path: ['reason'] }]);
    expect(await errorsOf({ delivery: 'EMAIL' })).toMatchObject([{ code: 'EMAIL_MISSING' }]);
    expect(await errorsOf({}, test.tenant.adminRealmId)).toMatchObject([{ code: 'NOT_FOUND' }]);
    await test.services.identities.suspend(realm, { identityId });
    expect(await errorsOf({})).toMatchObject([{ code: 'INVALID_INPUT' }]);
    expect(await passkeysOf(identityId)).toEqual(['ACTIVE']);
  });

  it('locks no administrator out, and helps nobody to more power than the caller has', async () => {
    const realmId = test.tenant.adminRealmId;
    await bind(test.tenant.bindingLink);
    const admin = await test.caller();
    const [boss] = (await test.services.identities.list(admin, {}, undefined, {})).items;
    const identityId = boss?.node.id ?? '';
    const last = await recover({ identityId, existingPasskeys: 'REVOKE' }, undefined, realmId);
    expect(last.data.recoverIdentity.errors).toMatchObject([{ code: 'ADMIN_LOCKOUT' }]);
    expect(await passkeysOf(identityId)).toEqual(['ACTIVE']);
    const less = await recover({ identityId }, ['credential-binding-jobs:create'], realmId);
    expect(less.data.recoverIdentity.errors).toMatchObject([{ code: 'SCOPE_NOT_HELD' }]);
    const kept = await recover({ identityId }, undefined, realmId);
    expect(kept.data.recoverIdentity.errors).toEqual([]);
  });

  it('shows its settings to who may see the realm', async () => {
    const id = realm.realm.id;
    const shown = await test.graphql(await test.apiToken(['realms:read']), SETTINGS, { id });
    expect(shown.data).toEqual({
      realm: {
        recoverySettings: { emailLink: false, waitingMinutes: 60, existingPasskeys: null, version: 1 },
      },
    });
    const other = await test.graphql(await test.apiToken(['groups:read']), SETTINGS, { id });
    expect(other.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });
});

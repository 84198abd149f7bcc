import { createHash, randomBytes } from 'node:crypto';
import { createSoftwareAuthenticator } from '../src/testing/authenticator.ts';
import { createBrowser } from '../src/testing/browser.ts';
import { percentile, processorTime, startServer } from './server.ts';

const PEOPLE = 50;
const SECONDS = 10;
const REDIRECT = 'http://localhost:9999/callback';

interface Challenge {
  challengeId: string;
  options: { challenge: string };
}

interface Person {
  readonly address: string;
  readonly authenticator: ReturnType<typeof createSoftwareAuthenticator>;
}

/** Whole passkey sign-ins a second with the server on one core: options, verify, code, token. */
export async function benchSignIn(): Promise<string[]> {
  const server = await startServer({ core: 0 });
  const tenant = server.cli('tenant', 'create', '--name', 'Bench', '--admin-email', 'a@b.example');
  const scopes = 'realms:create identities:create credential-binding-jobs:create applications:create';
  const { token = '' } = server.cli(
    ...['api-token', 'create', '--tenant', tenant.tenantId ?? '', '--scopes', scopes, '--name', 'bench'],
  );

  async function mutate<T>(name: string, type: string, fields: string, input: object): Promise<T> {
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({
        query: `mutation ($input: ${type}!) { ${name}(input: $input) { ${fields} errors { message } } }`,
        variables: { input },
      }),
    });
    const answer = (await response.json()) as { data: Record<string, T> };
    return answer.data[name] as T;
  }

  const { realm } = await mutate<{ realm: { id: string } }>(
    'createRealm',
    'CreateRealmInput',
    'realm { id }',
    {
      displayName: 'People',
    },
  );
  const { application } = await mutate<{ application: { clientId: string } }>(
    'createApplication',
    'CreateApplicationInput',
    'application { clientId }',
    {
      realmId: realm.id,
      displayName: 'Shop',
      type: 'PUBLIC',
      grantTypes: ['AUTHORIZATION_CODE'],
      redirectUris: [REDIRECT],
    },
  );
  const base = `${server.url}/realms/${realm.id}`;
  const site = { rpId: 'localhost', origin: server.url };

  async function enrol(n: number): Promise<Person> {
    const { identity } = await mutate<{ identity: { id: string } }>(
      'createIdentity',
      'CreateIdentityInput',
      'identity { id }',
      { realmId: realm.id, username: `person${n}` },
    );
    const { bindingLink } = await mutate<{ bindingLink: string }>(
      'createCredentialBindingJob',
      'CreateCredentialBindingJobInput',
      'bindingLink',
      { realmId: realm.id, identityId: identity.id },
    );
    const link = bindingLink.split('#token=')[1];
    const address = `10.0.${n}.1`;
    const browser = createBrowser();
    const post = async (path: string, body: object) =>
      (await (
        await browser.post(`${base}/passkeys/registration/${path}`, body, from(address))
      ).json()) as never;
    const authenticator = createSoftwareAuthenticator(site);
    const { challengeId, options } = await post('options', { token: link });
    await post('verify', { token: link, challengeId, response: authenticator.register(options) });
    return { address, authenticator };
  }

  /** @returns milliseconds of the four requests that count: options, verify, code, token */
  async function signIn({ authenticator }: Person, address: string): Promise<number> {
    const browser = createBrowser();
    const verifier = randomBytes(32).toString('base64url');
    const authorize = new URL(`${base}/authorize`);
    authorize.search = new URLSearchParams({
      client_id: application.clientId,
      response_type: 'code',
      redirect_uri: REDIRECT,
      scope: 'openid',
      state: 's',
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
    }).toString();
    const begun = await browser.request(authorize, { headers: from(address) });
    const page = new URL(begun.headers.get('location') ?? '', authorize);
    await (await browser.request(page, { headers: from(address) })).text();
    const interaction = page.pathname.split('/sign-in/')[1];
    const started = performance.now();
    const post = async <T>(path: string, body: object): Promise<T> => {
      const answer = await browser.post(`${base}/passkeys/authentication/${path}`, body, from(address));
      return (await answer.json()) as T;
    };
    const { challengeId, options } = await post<Challenge>('options', { interaction });
    const response = authenticator.authenticate(options);
    const { next, error } = await post<{ next?: string; error?: object }>('verify', {
      interaction,
      challengeId,
      response,
    });
    if (next === undefined) throw new Error(JSON.stringify(error));
    const resumed = await browser.request(next, { headers: from(address) });
    const code = new URL(resumed.headers.get('location') ?? '').searchParams.get('code') ?? '';
    const answer = await fetch(`${base}/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        client_id: application.clientId,
        code,
        redirect_uri: REDIRECT,
        code_verifier: verifier,
      }),
    });
    if (!answer.ok) throw new Error(await answer.text());
    await answer.text();
    return performance.now() - started;
  }

  const people: Person[] = [];
  for (let n = 0; n < PEOPLE; n++) people.push(await enrol(n));
  const run = async (seconds: number, concurrent: number): Promise<number[]> => {
    const times: number[] = [];
    const until = performance.now() + seconds * 1000;
    await Promise.all(
      people.slice(0, concurrent).map(async (person, n) => {
        for (let round = 0; performance.now() < until; round++)
          times.push(await signIn(person, `10.${1 + (round % 200)}.${n}.2`));
      }),
    );
    return times;
  };
  await run(2, 8);
  const pid = server.process.pid ?? 0;
  const before = processorTime(pid);
  const busy = await run(SECONDS, 8);
  const each = (processorTime(pid) - before) / busy.length;
  const crowded = await run(SECONDS, PEOPLE);
  await server.stop();
  return [
    `processor time of the server for a whole sign-in of six requests: ${each.toFixed(1)} ms`,
    `passkey sign-in, server on one core, with the authorization request and the page before it`,
    `  8 at once    ${(busy.length / SECONDS).toFixed(0)}/s, four requests p50 ${percentile(busy, 0.5).toFixed(0)} ms, p95 ${percentile(busy, 0.95).toFixed(0)} ms`,
    `  50 at once   ${(crowded.length / SECONDS).toFixed(0)}/s, four requests p50 ${percentile(crowded, 0.5).toFixed(0)} ms, p95 ${percentile(crowded, 0.95).toFixed(0)} ms   (aim: 250/s, p95 under 60 ms)`,
  ];
}

const from = (address: string): Record<string, string> => ({ 'x-forwarded-for': address });

import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { verifyAuthenticationResponse, verifyRegistrationResponse } from '@simplewebauthn/server';
import { createSoftwareAuthenticator } from '../src/testing/authenticator.ts';
import { createBrowser } from '../src/testing/browser.ts';
import { type BenchServer, freePort, percentile, processorTime, startServer } from './server.ts';

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
  const plain = await beside(server);
  await server.stop();
  const raw = await cryptography();
  const [rate, plainRate] = [busy.length / SECONDS, plain.length / SECONDS];
  return [
    `processor time of the server for a whole sign-in of six requests: ${each.toFixed(1)} ms`,
    `passkey sign-in, server on one core, with the authorization request and the page before it`,
    `  8 at once    ${(busy.length / SECONDS).toFixed(0)}/s, four requests p50 ${percentile(busy, 0.5).toFixed(0)} ms, p95 ${percentile(busy, 0.95).toFixed(0)} ms`,
    `  50 at once   ${(crowded.length / SECONDS).toFixed(0)}/s, four requests p50 ${percentile(crowded, 0.5).toFixed(0)} ms, p95 ${percentile(crowded, 0.95).toFixed(0)} ms   (aim: 250/s, p95 under 60 ms)`,
    `  a plain SimpleWebAuthn and SQL server with the same writes, on that core, 8 at once   ${plainRate.toFixed(0)}/s, p95 ${percentile(plain, 0.95).toFixed(0)} ms`,
    `  the signature check alone, on one core   ${raw.toFixed(0)}/s`,
    `  ratio to the plain server ${(rate / plainRate).toFixed(2)}, to the signature check ${(rate / raw).toFixed(3)}`,
  ];
}

/** The same people's passkeys at a server that does nothing but what has to be done. @returns milliseconds of each sign-in */
async function beside(server: BenchServer): Promise<number[]> {
  const port = await freePort();
  const origin = `http://localhost:${port}`;
  const bare = spawn(
    'taskset',
    [
      '-c',
      '0',
      process.execPath,
      fileURLToPath(new URL('bare-passkeys.ts', import.meta.url)),
      String(port),
      server.databaseUrl(),
      origin,
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  await sleep(2_500);
  const call = async <T>(path: string, body?: object): Promise<T> => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
      ...(body
        ? { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
        : {}),
    });
    if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
    return (await answer.json()) as T;
  };
  const times: number[] = [];
  const person = async (until: number): Promise<void> => {
    const authenticator = createSoftwareAuthenticator({ rpId: 'localhost', origin });
    const made = await call<Challenge>('/options', {});
    const user = { id: randomBytes(32).toString('base64url') };
    const response = authenticator.register({ ...made.options, user } as never);
    await call('/register', { challengeId: made.challengeId, response });
    while (performance.now() < until) {
      const started = performance.now();
      const verifier = randomBytes(32).toString('base64url');
      const codeChallenge = createHash('sha256').update(verifier).digest('base64url');
      const { challengeId, options } = await call<Challenge>('/options', {});
      const verified = await call<{ sessionId: string }>('/verify', {
        challengeId,
        codeChallenge,
        response: authenticator.authenticate(options as never),
      });
      const { code } = await call<{ code: string }>(
        `/code?session=${verified.sessionId}&challenge=${codeChallenge}`,
      );
      await call('/token', { code, verifier });
      times.push(performance.now() - started);
    }
  };
  await Promise.all(Array.from({ length: 8 }, () => person(performance.now() + SECONDS * 1000)));
  bare.kill();
  return times;
}

/** How often a second an assertion can be checked, with nothing around it. */
async function cryptography(): Promise<number> {
  const site = { rpId: 'localhost', origin: 'http://localhost' };
  const authenticator = createSoftwareAuthenticator(site);
  const challenge = randomBytes(32).toString('base64url');
  const registered = authenticator.register({ challenge, user: { id: 'AAAA' } } as never);
  const expected = {
    expectedChallenge: challenge,
    expectedOrigin: site.origin,
    expectedRPID: site.rpId,
  };
  const { registrationInfo } = await verifyRegistrationResponse({ response: registered, ...expected });
  if (!registrationInfo) throw new Error('the authenticator was not registered');
  const response = authenticator.authenticate({ challenge } as never);
  const credential = { ...registrationInfo.credential, counter: 0 };
  const started = performance.now();
  let checks = 0;
  for (; performance.now() - started < 3_000; checks++)
    await verifyAuthenticationResponse({ response, ...expected, credential });
  return checks / ((performance.now() - started) / 1000);
}

const from = (address: string): Record<string, string> => ({ 'x-forwarded-for': address });

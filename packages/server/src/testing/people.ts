import type { RealmCtx } from '../kernel/context.js';
import type { TestApp } from './app.js';
import { createSoftwareAuthenticator, type Tampering } from './authenticator.js';
import { type Browser, createBrowser } from './browser.js';

export interface Person {
  readonly id: string;
  readonly username: string;
  readonly authenticator: ReturnType<typeof createSoftwareAuthenticator>;
}

export const siteOf = (url: string) => ({ rpId: new URL(url).hostname, origin: new URL(url).origin });

/** An identity with a passkey, bound over HTTP through its own link. */
export async function enrol(test: TestApp, realm: RealmCtx, username: string): Promise<Person> {
  const identity = await test.services.identities.create(realm, { username });
  const { link } = await test.services.bindingJobs.create(realm, { identityId: identity.id });
  return { id: identity.id, username, authenticator: await bind(link) };
}

/** Follows a binding link as the hosted page does. */
export async function bind(link: string, browser: Browser = createBrowser()) {
  const url = new URL(link);
  const token = url.hash.slice('#token='.length);
  const base = `${url.origin}${url.pathname.replace(/\/bind$/, '')}/passkeys/registration`;
  const authenticator = createSoftwareAuthenticator(siteOf(link));
  const made = await answer(await browser.post(`${base}/options`, { token }));
  const response = authenticator.register(made.options as never);
  await answer(await browser.post(`${base}/verify`, { token, challengeId: made.challengeId, response }));
  return authenticator;
}

/** Goes through an authorization with a passkey. @returns where the browser was sent in the end, not followed */
export async function signIn(
  browser: Browser,
  authorize: URL,
  authenticator: Person['authenticator'],
  tampering?: Tampering,
  meanwhile: () => Promise<void> = async () => undefined,
): Promise<{
  location: URL | undefined;
  refused: Record<string, unknown> | undefined;
  /** The answer that ended it. */
  last: Response;
}> {
  const first = await browser.request(authorize);
  const to = new URL(first.headers.get('location') ?? '', authorize);
  if (!/\/sign-in\//.test(to.pathname)) return { location: to, refused: undefined, last: first };
  await (await browser.request(to)).text();
  const [realmPath = '', interaction = ''] = to.pathname.split('/sign-in/');
  const base = `${to.origin}${realmPath}/passkeys/authentication`;
  const made = await answer(await browser.post(`${base}/options`, { interaction }));
  const response = authenticator.authenticate(made.options as never, tampering);
  const verified = await browser.post(`${base}/verify`, {
    interaction,
    challengeId: made.challengeId,
    response,
  });
  const outcome = (await verified.json()) as { next?: string; error?: Record<string, unknown> };
  if (outcome.next === undefined) return { location: undefined, refused: outcome.error, last: verified };
  await meanwhile();
  const last = await browser.request(outcome.next);
  const location = last.headers.get('location');
  return { location: location === null ? undefined : new URL(location, authorize), refused: undefined, last };
}

async function answer(response: Response): Promise<Record<string, unknown>> {
  const body = (await response.json()) as Record<string, unknown>;
  if (!response.ok) throw new Error(JSON.stringify(body));
  return body;
}

// The whole application: sign-in with code and PKCE (RFC 7636), on this page, with the SDK.
import { createKeyrealm } from '@keyrealm/sdk';

const settings = await (await fetch('/settings.json')).json();
const { issuer, clientId, invocation } = settings;
const keyrealm = createKeyrealm({ issuer });
const redirectUri = `${location.origin}/callback`;

const main = document.querySelector('main');
const say = (text) => {
  document.querySelector('[role=status]').textContent = text;
};
const fail = (error) => {
  const flow = error.correlationId ? ` (${error.correlationId})` : '';
  document.querySelector('[role=alert]').textContent = `${error.code ?? 'ERROR'}: ${error.message}${flow}`;
};

/** An element with its properties and children; never markup from a text. */
function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

function button(text, run) {
  const made = element('button', { type: 'button' }, text);
  made.onclick = () => {
    document.querySelector('[role=alert]').textContent = '';
    run().catch(fail);
  };
  return made;
}

const base64url = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
const random = () => base64url(crypto.getRandomValues(new Uint8Array(32)));

/** Kept in this tab, so that only the tab which began a sign-in can finish it. */
async function authorizationUrl() {
  const pending = { state: random(), verifier: random() };
  sessionStorage.setItem('pending', JSON.stringify(pending));
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(pending.verifier));
  const url = new URL(`${issuer}/authorize`);
  url.search = new URLSearchParams({
    client_id: clientId,
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: 'openid profile',
    state: pending.state,
    code_challenge: base64url(digest),
    code_challenge_method: 'S256',
  });
  return url;
}

async function signIn() {
  const url = await authorizationUrl();
  if (invocation === 'AUTOMATIC') return location.assign(url);
  // MANUAL: the realm answers with the address instead of sending the browser there, and the page stays.
  const answer = await (await fetch(url)).json();
  if (answer.error) throw Object.assign(new Error(answer.error.message), answer.error);
  return showSignIn(answer.authenticateUrl);
}

async function showHome() {
  const passkeys = await keyrealm.getPasskeys();
  const list = element('ul');
  for (const { id, name, identity } of passkeys) {
    const forget = button('Forget', async () => {
      keyrealm.forgetPasskey(id);
      await showHome();
    });
    list.append(element('li', {}, `${identity.username}: ${name} `, forget));
  }
  main.replaceChildren(
    element('h1', {}, 'Example bank'),
    button('Sign in', signIn),
    element('h2', {}, 'Passkeys of this browser'),
    passkeys.length > 0 ? list : element('p', {}, 'None yet'),
  );
}

function showBind() {
  const create = async () => {
    const { passkey, redirectUrl } = await keyrealm.bind(location.href);
    say(`${passkey.name} is ready for ${passkey.identity.username}.`);
    if (redirectUrl) location.assign(redirectUrl);
  };
  main.replaceChildren(element('h1', {}, 'Welcome'), button('Create passkey', create));
}

function showSignIn(url) {
  const goOn = ({ redirectUrl }) => location.assign(redirectUrl);
  const field = element('input', { id: 'username', autocomplete: 'username webauthn' });
  main.replaceChildren(
    element('h1', {}, 'Sign in'),
    element('label', { htmlFor: 'username' }, 'Username'),
    field,
    button('Sign in with a passkey', async () => goOn(await keyrealm.authenticate(url))),
    button('Sign in with the newest passkey', async () =>
      goOn(await keyrealm.authenticate(url, { onSelect: ([newest]) => newest })),
    ),
  );
  // The offer in the field ends when a button takes over; a browser that can't offer has the buttons.
  keyrealm
    .conditionalAuthenticate(url, { input: field })
    .then(goOn)
    .catch((error) => {
      if (!['ABORTED', 'CANCELLED', 'UNSUPPORTED'].includes(error.code)) fail(error);
    });
}

async function finish() {
  const found = new URLSearchParams(location.search);
  const pending = JSON.parse(sessionStorage.getItem('pending') ?? 'null');
  sessionStorage.removeItem('pending');
  history.replaceState(null, '', '/callback');
  // Not this tab's: somebody sent the person here.
  if (!pending || found.get('state') !== pending.state || found.get('iss') !== issuer)
    throw Object.assign(new Error('This sign-in was not begun here.'), { code: 'STATE' });
  if (found.has('error')) throw Object.assign(new Error('The sign-in failed.'), { code: found.get('error') });
  const tokens = await post(`${issuer}/token`, {
    grant_type: 'authorization_code',
    client_id: clientId,
    redirect_uri: redirectUri,
    code: found.get('code'),
    code_verifier: pending.verifier,
  });
  const authorization = `Bearer ${tokens.access_token}`;
  const claims = await (await fetch(`${issuer}/userinfo`, { headers: { authorization } })).json();
  const rows = Object.entries(claims).map(([name, value]) =>
    element('tr', {}, element('th', { scope: 'row' }, name), element('td', {}, String(value))),
  );
  main.replaceChildren(
    element('h1', {}, 'Signed in'),
    element('table', {}, ...rows),
    element('p', {}, element('a', { href: '/' }, 'Home')),
  );
}

async function post(url, body) {
  const response = await fetch(url, { method: 'POST', body: new URLSearchParams(body) });
  const answer = await response.json();
  if (!response.ok) throw Object.assign(new Error('No tokens were given.'), { code: answer.error });
  return answer;
}

try {
  if (keyrealm.isBindUrl(location.href)) showBind();
  else if (keyrealm.isAuthenticateUrl(location.href)) showSignIn(location.href);
  else if (location.pathname === '/callback') await finish();
  else await showHome();
} catch (error) {
  fail(error);
}

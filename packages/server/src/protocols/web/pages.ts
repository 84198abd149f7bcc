import { newSecret } from '../../kernel/ids.js';

export interface RenderedPage {
  readonly html: string;
  readonly headers: Readonly<Record<string, string>>;
}

const NONCE = /__KEYREALM_NONCE__/g;
const DATA = '"__KEYREALM_PAGE__"';

/**
 * The hosted page with its data and a nonce of its own; nothing but our own scripts and styles runs in it.
 * @param formTarget an origin that a form's answer may lead to; browsers hold redirects to the policy as well
 */
export function renderHosted(template: string, page: object, formTarget?: string): RenderedPage {
  const nonce = newSecret();
  const data = JSON.stringify(page).replace(/[<>&\u2028\u2029]/g, escaped);
  return {
    // A function, because a replacement text would give `$` a meaning.
    html: template.replace(NONCE, nonce).replace(DATA, () => data),
    headers: headersWith(
      `default-src 'none'; script-src 'self' 'nonce-${nonce}'; style-src 'self' 'nonce-${nonce}'; ` +
        "img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'" +
        (formTarget === undefined ? '' : ` ${formTarget}`),
    ),
  };
}

export function renderConsole(template: string): RenderedPage {
  const nonce = newSecret();
  return {
    html: template.replace(NONCE, nonce),
    headers: headersWith(
      `default-src 'none'; script-src 'self' 'nonce-${nonce}'; style-src 'self' 'nonce-${nonce}'; ` +
        "img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    ),
  };
}

const headersWith = (policy: string): Record<string, string> => ({
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': policy,
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
});

const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** How the realm looks, as the server says it. */
export interface PageRealm {
  readonly id: string;
  readonly displayName: string;
  readonly supportEmail: string | null;
  readonly supportUrl: string | null;
  readonly palette: { readonly light: Scheme; readonly dark: Scheme };
  readonly logo: { readonly alt: string; readonly light: Picture; readonly dark: Picture } | null;
}

/** Colours as `#rrggbb`. */
interface Scheme {
  readonly background: string;
  readonly accent: string;
  readonly onAccent: string;
}

interface Picture {
  readonly path: string;
  readonly width: number;
  readonly height: number;
}

/** Somebody who is signed in in this browser. */
export interface PageAccount {
  readonly session: string;
  readonly displayName: string;
  readonly username: string;
}

/** What this page is for; the server puts it into the document as JSON. */
export type Page = Kind & {
  /** BCP 47 tags that the application asked for, the dearest first (OpenID Connect Core, section 3.1.2.1). */
  readonly uiLocales: readonly string[];
};

type Kind =
  | { readonly page: 'bind'; readonly realm: PageRealm }
  | { readonly page: 'account'; readonly realm: PageRealm }
  | {
      readonly page: 'recover';
      readonly realm: PageRealm;
      /** Whether people may ask for a link by e-mail themselves. */
      readonly offered: boolean;
    }
  | { readonly page: 'recover-stop'; readonly realm: PageRealm }
  | {
      readonly page: 'sign-up';
      readonly realm: PageRealm;
      /** The authorization to go on with, where it began in one. */
      readonly interaction: string | null;
    }
  | {
      readonly page: 'sign-in';
      readonly realm: PageRealm;
      readonly interaction: string;
      readonly applicationName: string;
      readonly loginHint: string | undefined;
      /** Who is signed in in this browser, the last first. */
      readonly accounts: readonly PageAccount[];
      /** Whether only a new sign-in will do, whoever it is. */
      readonly fresh: boolean;
      /** Whether people may help themselves when they lost their passkey. */
      readonly recovery: boolean;
      /** Whether people may sign up by themselves. */
      readonly signUp: boolean;
    }
  | {
      readonly page: 'sign-out';
      readonly realm: PageRealm;
      readonly action: string;
      readonly xsrf: string;
      /** Whether the person is to be asked first. */
      readonly asked: boolean;
    }
  | { readonly page: 'signed-out'; readonly realm: PageRealm }
  | {
      readonly page: 'error';
      readonly realm: PageRealm | null;
      readonly code: string;
      readonly message: string;
      readonly correlationId: string;
    };

type Fields = Readonly<Record<string, unknown>>;

/** @throws Error when the document does not carry what the server should have put there */
export function parsePage(text: string): Page {
  const data: unknown = JSON.parse(text);
  if (!isObject(data)) throw new Error('no page data');
  return { ...kindOf(data), uiLocales: tagsOf(data.uiLocales) };
}

function kindOf(data: Fields): Kind {
  switch (data.page) {
    case 'bind':
    case 'account':
    case 'recover-stop':
    case 'signed-out':
      return { page: data.page, realm: realmOf(data.realm) };
    case 'sign-in':
      return {
        page: 'sign-in',
        realm: realmOf(data.realm),
        interaction: textOf(data, 'interaction'),
        applicationName: textOf(data, 'applicationName'),
        loginHint: typeof data.loginHint === 'string' ? data.loginHint : undefined,
        accounts: Array.isArray(data.accounts) ? data.accounts.map(accountOf) : [],
        fresh: data.fresh === true,
        recovery: data.recovery === true,
        signUp: data.signUp === true,
      };
    case 'recover':
      return { page: 'recover', realm: realmOf(data.realm), offered: data.offered === true };
    case 'sign-up':
      return {
        page: 'sign-up',
        realm: realmOf(data.realm),
        interaction: typeof data.interaction === 'string' ? data.interaction : null,
      };
    case 'sign-out':
      return {
        page: 'sign-out',
        realm: realmOf(data.realm),
        action: pathOf(textOf(data, 'action')),
        xsrf: textOf(data, 'xsrf'),
        asked: data.asked !== false,
      };
    case 'error':
      return {
        page: 'error',
        realm: data.realm === null ? null : realmOf(data.realm),
        code: textOf(data, 'code'),
        message: textOf(data, 'message'),
        correlationId: textOf(data, 'correlationId'),
      };
    default:
      throw new Error('unknown page');
  }
}

function realmOf(value: unknown): PageRealm {
  if (!isObject(value)) throw new Error('no realm');
  return {
    id: textOf(value, 'id'),
    displayName: textOf(value, 'displayName'),
    supportEmail: typeof value.supportEmail === 'string' ? value.supportEmail : null,
    supportUrl: typeof value.supportUrl === 'string' ? value.supportUrl : null,
    palette: { light: schemeOf(fieldsOf(value.palette).light), dark: schemeOf(fieldsOf(value.palette).dark) },
    logo: value.logo === null ? null : logoOf(fieldsOf(value.logo)),
  };
}

function schemeOf(value: unknown): Scheme {
  const fields = fieldsOf(value);
  return {
    background: textOf(fields, 'background'),
    accent: textOf(fields, 'accent'),
    onAccent: textOf(fields, 'onAccent'),
  };
}

const logoOf = (fields: Fields) => ({
  alt: textOf(fields, 'alt'),
  light: pictureOf(fields.light),
  dark: pictureOf(fields.dark),
});

function pictureOf(value: unknown): Picture {
  const fields = fieldsOf(value);
  return {
    path: pathOf(textOf(fields, 'path')),
    width: Number(fields.width),
    height: Number(fields.height),
  };
}

function fieldsOf(value: unknown): Fields {
  if (!isObject(value)) throw new Error('a part is missing');
  return value;
}

function accountOf(value: unknown): PageAccount {
  if (!isObject(value)) throw new Error('no account');
  return {
    session: textOf(value, 'session'),
    displayName: textOf(value, 'displayName'),
    username: textOf(value, 'username'),
  };
}

function textOf(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value !== 'string') throw new Error(`${name} is missing`);
  return value;
}

/** A form of ours posts to our own origin only. */
function pathOf(value: string): string {
  if (!/^\/(?![/\\])/.test(value)) throw new Error('not a path of ours');
  return value;
}

/** @param value the parameter as it came: tags between spaces */
const tagsOf = (value: unknown): string[] => (typeof value === 'string' ? value.split(/\s+/, 20) : []);

const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

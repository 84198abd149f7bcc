import type { ApplicationDetailFragment, UpdateApplicationInput } from '../../generated/graphql';
import { linesOf, textOfLines } from './lines';
import { signsPeopleIn } from './presets';

/** Form values of an application: a text with one address a line; lifetimes in seconds, empty text when emptied. */
export interface EditValues {
  displayName: string;
  redirectUris: string;
  postLogoutRedirectUris: string;
  allowedScopes: string[];
  accessTokenLifetime: number | string;
  refreshTokenLifetime: number | string;
}

export const editValues = (application: ApplicationDetailFragment): EditValues => ({
  displayName: application.displayName,
  redirectUris: textOfLines(application.redirectUris),
  postLogoutRedirectUris: textOfLines(application.postLogoutRedirectUris),
  allowedScopes: [...application.allowedScopes],
  accessTokenLifetime: application.accessTokenLifetime,
  refreshTokenLifetime: application.refreshTokenLifetime,
});

/** A lifetime that was emptied is sent as 0, which the server refuses with its own words on that field. */
export const changeInput = (
  realmId: string,
  application: ApplicationDetailFragment,
  values: EditValues,
): UpdateApplicationInput => ({
  realmId,
  applicationId: application.id,
  ifVersion: application.version,
  displayName: values.displayName,
  allowedScopes: values.allowedScopes,
  accessTokenLifetime: Number(values.accessTokenLifetime),
  ...(signsPeopleIn(application.grantTypes)
    ? {
        redirectUris: linesOf(values.redirectUris),
        postLogoutRedirectUris: linesOf(values.postLogoutRedirectUris),
      }
    : {}),
  ...(application.grantTypes.includes('REFRESH_TOKEN')
    ? { refreshTokenLifetime: Number(values.refreshTokenLifetime) }
    : {}),
});

import type { ApplicationRow } from '../../modules/applications/applications.service.js';
import type { IdentityRow } from '../../modules/identities/identities.service.js';
import type { Services } from '../../services.js';
import { once } from './flow.js';

/** The application behind a client id, read once a request. */
export const applicationOf = (
  services: Services,
  realmId: string,
  clientId: string,
): Promise<ApplicationRow | undefined> =>
  once('application', clientId, () => services.applications.findRow(realmId, clientId));

/** The identity behind an account id, read once a request. */
export const identityOf = (
  services: Services,
  realmId: string,
  accountId: string,
): Promise<IdentityRow | undefined> =>
  once('identity', accountId, () => services.identities.findRow(services.db, realmId, accountId));

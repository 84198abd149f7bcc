import type { HttpStatusClass, ProvisioningRequestFilter } from '../../generated/graphql';
import { type PageSearch, pageSearch, type RawSearch, textOf, wordOf } from '../../search';

export const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
export const STATUS_CLASSES: readonly HttpStatusClass[] = [
  'SUCCESS',
  'REDIRECTION',
  'CLIENT_ERROR',
  'SERVER_ERROR',
];

/** The address of a view of the request log. */
export interface RequestsSearch extends PageSearch {
  /** Id of a provisioning client. */
  client?: string | undefined;
  method?: (typeof METHODS)[number] | undefined;
  status?: HttpStatusClass | undefined;
}

export const requestsSearch = (raw: RawSearch): RequestsSearch => ({
  ...pageSearch(raw),
  client: textOf(raw, 'client'),
  method: wordOf(raw, 'method', METHODS),
  status: wordOf(raw, 'status', STATUS_CLASSES),
});

export const requestFilter = ({ client, method, status }: RequestsSearch): ProvisioningRequestFilter => ({
  ...(client ? { clientId: client } : {}),
  ...(method ? { method } : {}),
  ...(status ? { statusClass: status } : {}),
});

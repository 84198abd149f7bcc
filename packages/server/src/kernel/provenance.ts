import type { RealmCtx } from './context.js';
import { DomainError } from './errors.js';

/**
 * To whom a row belongs once the caller has changed it: two provisioning clients never fight over one.
 * @throws DomainError NOT_PROVISIONED for a client that neither made it nor may take it over
 */
export function ownerAfter(
  { provisioning }: RealmCtx,
  row: { readonly provisioned_by: string | null },
): string | null {
  if (!provisioning || row.provisioned_by === provisioning.clientId) return row.provisioned_by;
  if (row.provisioned_by === null && provisioning.adopts) return provisioning.clientId;
  throw new DomainError(
    'forbidden',
    'NOT_PROVISIONED',
    row.provisioned_by === null
      ? 'This was not provisioned by this client. An administrator can allow the client to adopt what people made.'
      : 'This was provisioned by another client, and only that one may change it.',
  );
}

import type { Work } from '../../kernel/command.js';
import { invalid } from '../../kernel/errors.js';
import type { AuthenticatorConfigsService } from '../authenticator-configs/authenticator-configs.service.js';

/** @throws DomainError INVALID_INPUT for a config that is not the realm's, or that holds no ceremonies */
export async function checkPlace(
  configs: Pick<AuthenticatorConfigsService, 'find'>,
  { tx, ctx }: Work,
  configId: string,
): Promise<void> {
  const config = await configs.find(tx, ctx.realm.id, configId);
  if (!config) throw invalid('There is no such authenticator config in this realm.', 'authenticatorConfigId');
  if (config.kind === 'NONE')
    throw invalid('No passkeys are bound with this authenticator config.', 'authenticatorConfigId');
}

import { type EmbeddedApplication, startEmbeddedApplication } from '@keyrealm/examples/embedded';
import { expect } from '@playwright/test';
import type { Api } from './api.ts';
import type { Someone } from './people.ts';
import { freePort, type RunningServer } from './server.ts';

export interface Embedded extends EmbeddedApplication {
  readonly configId: string;
  readonly clientId: string;
}

/** The example application on a port of its own, with its config and its client in the realm. */
export async function startEmbedded(
  server: RunningServer,
  api: Api,
  realmId: string,
  invocation: 'AUTOMATIC' | 'MANUAL',
): Promise<Embedded> {
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const config = await api.mutate<{ authenticatorConfig: { id: string } }>(
    'createAuthenticatorConfig',
    'CreateAuthenticatorConfigInput',
    'authenticatorConfig { id }',
    {
      realmId,
      displayName: `Bank ${port}`,
      kind: 'EMBEDDED',
      invocation,
      invokeUrl: url,
      trustedOrigins: [url],
      relyingPartyId: 'localhost',
    },
  );
  const configId = config.authenticatorConfig.id;
  const made = await api.mutate<{ application: { clientId: string } }>(
    'createApplication',
    'CreateApplicationInput',
    'application { clientId }',
    {
      realmId,
      displayName: 'Example bank',
      type: 'PUBLIC',
      grantTypes: ['AUTHORIZATION_CODE'],
      redirectUris: [`${url}/callback`],
      authenticatorConfigId: configId,
    },
  );
  const { clientId } = made.application;
  const issuer = `${server.url}/realms/${realmId}`;
  return { ...(await startEmbeddedApplication({ issuer, clientId, invocation, port })), configId, clientId };
}

/** Follows a link to the application's own page, and creates the passkey there. */
export async function bindAt({ page }: Someone, link: string): Promise<void> {
  await page.goto(link);
  await page.getByRole('button', { name: 'Create passkey' }).click();
  await expect(page.getByRole('status')).toContainText('is ready for');
}

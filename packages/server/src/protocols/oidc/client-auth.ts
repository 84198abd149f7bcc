import type { FastifyRequest } from 'fastify';
import { isId } from '../../kernel/ids.js';
import type { ApplicationRow } from '../../modules/applications/applications.service.js';
import type { Services } from '../../services.js';

type Form = Readonly<Record<string, unknown>>;

/** The application that authenticates itself at our own endpoints (RFC 6749, section 2.3.1), public ones by id alone. */
export async function authenticateClient(
  services: Services,
  realmId: string,
  request: FastifyRequest,
): Promise<ApplicationRow | undefined> {
  const form = (request.body ?? {}) as Form;
  const basic = basicOf(request.headers.authorization);
  const clientId = basic?.id ?? textOf(form.client_id);
  const secret = basic?.secret ?? textOf(form.client_secret);
  if (clientId === undefined || !isId(clientId)) return undefined;
  const application = await services.applications.findRow(realmId, clientId);
  if (!application) return undefined;
  if (application.token_endpoint_auth_method === 'none')
    return secret === undefined ? application : undefined;
  const proved =
    secret !== undefined && (await services.applications.verifySecret(realmId, clientId, secret));
  return proved ? application : undefined;
}

function basicOf(header: string | undefined): { id: string; secret: string } | undefined {
  const encoded = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(header ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const [id = '', ...rest] = Buffer.from(encoded, 'base64').toString().split(':');
  try {
    return { id: decodeURIComponent(id), secret: decodeURIComponent(rest.join(':')) };
  } catch {
    return undefined;
  }
}

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

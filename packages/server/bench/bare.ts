import { createHash, randomUUID, timingSafeEqual } from 'node:crypto';
import Fastify from 'fastify';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import pg from 'pg';

/** The least that a client-credentials endpoint can do with the same checks and the same event: what ours is measured by. */
const [, , port = '', databaseUrl = '', realmId = ''] = process.argv;
const pool = new pg.Pool({ connectionString: databaseUrl, max: 20 });
const { privateKey } = await generateKeyPair('ES256', { extractable: true });
await exportJWK(privateKey);
const app = Fastify();
app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) =>
  done(null, Object.fromEntries(new URLSearchParams(String(body)))),
);
app.post('/token', async (request, reply) => {
  const {
    client_id: clientId = '',
    client_secret: secret = '',
    scope = '',
  } = request.body as Record<string, string>;
  const client = await pool.query({
    name: 'client',
    text: 'select allowed_scopes, access_token_lifetime from applications where realm_id = $1 and id = $2',
    values: [realmId, clientId],
  });
  const secrets = await pool.query({
    name: 'secrets',
    text: 'select secret_hash from application_secrets where realm_id = $1 and application_id = $2',
    values: [realmId, clientId],
  });
  const hash = createHash('sha256').update(secret).digest();
  const [application] = client.rows;
  if (!application || !secrets.rows.some((row) => timingSafeEqual(row.secret_hash, hash)))
    return reply.code(401).send({ error: 'invalid_client' });
  if (!scope.split(' ').every((one) => application.allowed_scopes.includes(one)))
    return reply.code(400).send({ error: 'invalid_scope' });
  const token = await new SignJWT({ client_id: clientId, scope, realm_id: realmId })
    .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: 'bench' })
    .setIssuer('bench')
    .setSubject(clientId)
    .setAudience('bench')
    .setJti(randomUUID())
    .setIssuedAt()
    .setExpirationTime('15m')
    .sign(privateKey);
  const id = randomUUID();
  await pool.query({
    name: 'event',
    text: `insert into events (realm_id, id, occurred_at, type, outcome, actor_kind, actor_id, actor_name, correlation_id, data)
      values ($1, $2, now(), 'bench.token', 'SUCCESS', 'APPLICATION', $3, 'Bench', $2, '{}')`,
    values: [realmId, id, clientId],
  });
  return { access_token: token, expires_in: 900, token_type: 'Bearer', scope };
});
await app.listen({ port: Number(port), host: '127.0.0.1' });

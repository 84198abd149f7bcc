import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { verifyAuthenticationResponse, verifyRegistrationResponse } from '@simplewebauthn/server';
import Fastify from 'fastify';
import { generateKeyPair, SignJWT } from 'jose';
import pg from 'pg';

/**
 * The least that passkey sign-in can be: SimpleWebAuthn and SQL, four requests with the same writes as ours, and none of
 * the policy, realms, protocol checks and limits. What ours is measured by.
 */
const [, , port = '', databaseUrl = '', origin = ''] = process.argv;
const pool = new pg.Pool({ connectionString: databaseUrl, max: 20 });
const { privateKey } = await generateKeyPair('ES256');
const site = { expectedOrigin: origin, expectedRPID: 'localhost' };

await pool.query(`create schema bare
  create table challenges (id uuid primary key, challenge text not null)
  create table passkeys (id text primary key, public_key bytea not null, counter bigint not null, used_at timestamptz)
  create table sessions (id uuid primary key, passkey_id text not null references passkeys)
  create table codes (hash bytea primary key, session_id uuid not null references sessions, challenge text not null)
  create table events (id uuid primary key, at timestamptz not null default now(), type text not null, data jsonb not null)`);

const run = (name: string, text: string, values: unknown[]) => pool.query({ name, text, values });
const event = (client: pg.Pool | pg.PoolClient, type: string, data: object) =>
  client.query({
    name: 'event',
    text: 'insert into bare.events (id, type, data) values ($1, $2, $3)',
    values: [randomUUID(), type, JSON.stringify(data)],
  });

async function within<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    const made = await work(client);
    await client.query('commit');
    return made;
  } catch (error) {
    await client.query('rollback');
    throw error;
  } finally {
    client.release();
  }
}

const app = Fastify();

app.post('/options', async () => {
  const [challengeId, challenge] = [randomUUID(), randomBytes(32).toString('base64url')];
  await run('challenge', 'insert into bare.challenges values ($1, $2)', [challengeId, challenge]);
  return { challengeId, options: { challenge, rpId: 'localhost' } };
});

const taken = async (client: pg.PoolClient, id: string): Promise<string> => {
  const { rows } = await client.query({
    name: 'taken',
    text: 'delete from bare.challenges where id = $1 returning challenge',
    values: [id],
  });
  return rows[0].challenge;
};

app.post('/register', async (request) => {
  const { challengeId, response } = request.body as never as { challengeId: string; response: never };
  await within(async (client) => {
    const expectedChallenge = await taken(client, challengeId);
    const { registrationInfo } = await verifyRegistrationResponse({ response, expectedChallenge, ...site });
    const { id, publicKey, counter } = registrationInfo?.credential ?? {};
    await client.query('insert into bare.passkeys values ($1, $2, $3)', [
      id,
      Buffer.from(publicKey ?? []),
      counter,
    ]);
  });
  return {};
});

app.post('/verify', async (request) => {
  const { challengeId, response, codeChallenge } = request.body as never as {
    challengeId: string;
    response: { id: string };
    codeChallenge: string;
  };
  return within(async (client) => {
    const expectedChallenge = await taken(client, challengeId);
    const { rows } = await client.query({
      name: 'passkey',
      text: 'select public_key, counter from bare.passkeys where id = $1 for update',
      values: [response.id],
    });
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: response as never,
      expectedChallenge,
      ...site,
      credential: {
        id: response.id,
        publicKey: new Uint8Array(rows[0].public_key),
        counter: Number(rows[0].counter),
      },
    });
    if (!verified) throw new Error('not verified');
    await client.query({
      name: 'used',
      text: 'update bare.passkeys set counter = $2, used_at = now() where id = $1',
      values: [response.id, authenticationInfo.newCounter],
    });
    const sessionId = randomUUID();
    await client.query({
      name: 'session',
      text: 'insert into bare.sessions values ($1, $2)',
      values: [sessionId, response.id],
    });
    await event(client, 'authentication.succeeded', { sessionId });
    return { sessionId, codeChallenge };
  });
});

app.get('/code', async (request) => {
  const { session, challenge } = request.query as Record<string, string>;
  const code = randomBytes(32).toString('base64url');
  const hash = createHash('sha256').update(code).digest();
  await run('code', 'insert into bare.codes values ($1, $2, $3)', [hash, session, challenge]);
  return { code };
});

app.post('/token', async (request, reply) => {
  const { code = '', verifier = '' } = request.body as Record<string, string>;
  const { rows } = await run(
    'redeem',
    'delete from bare.codes where hash = $1 returning session_id, challenge',
    [createHash('sha256').update(code).digest()],
  );
  const [found] = rows;
  if (!found || createHash('sha256').update(verifier).digest('base64url') !== found.challenge)
    return reply.code(400).send({ error: 'invalid_grant' });
  const sign = (type: string) =>
    new SignJWT({ sid: found.session_id })
      .setProtectedHeader({ alg: 'ES256', typ: type })
      .setIssuer('bare')
      .setSubject(found.session_id)
      .setAudience('bare')
      .setJti(randomUUID())
      .setIssuedAt()
      .setExpirationTime('15m')
      .sign(privateKey);
  const answer = { access_token: await sign('at+jwt'), id_token: await sign('JWT'), token_type: 'Bearer' };
  await event(pool, 'token.issued', { sessionId: found.session_id });
  return answer;
});

await app.listen({ port: Number(port), host: '127.0.0.1' });

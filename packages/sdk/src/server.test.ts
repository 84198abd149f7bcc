import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { realmOf } from './addresses.js';
import { createServer, type Server } from './server.js';

const ID = '0199c1f0-0000-7000-8000-000000000001';
const LINK = { job: '0199c1f0-0000-7000-8000-000000000003', token: 't'.repeat(43) };

interface Seen {
  readonly url: string;
  readonly headers: Record<string, unknown>;
  readonly body: string;
}

describe('calls to the realm', () => {
  let http: HttpServer;
  let server: Server;
  let port: number;
  let seen: Seen[];
  /** What is answered; nothing at all where it is undefined. */
  let answer: { status: number; body: string } | undefined;

  beforeAll(async () => {
    http = createHttpServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (text: string) => {
        body += text;
      });
      request.on('end', () => {
        seen.push({ url: request.url ?? '', headers: request.headers, body });
        if (answer) response.writeHead(answer.status).end(answer.body);
      });
    });
    await new Promise<void>((done) => http.listen(0, '127.0.0.1', done));
    const address = http.address();
    port = typeof address === 'object' && address ? address.port : 0;
    server = createServer(realmOf(`http://127.0.0.1:${port}/realms/${ID}`));
  });
  beforeEach(() => {
    seen = [];
    answer = { status: 200, body: '{"challengeId":"c","options":{},"accepted":["a"]}' };
  });
  afterAll(() => {
    http.closeAllConnections();
    http.close();
  });

  it('names in its query what a call is about, and no secret there', async () => {
    await server.registrationOptions(LINK);
    await server.authenticationOptions(`interaction.${'s'.repeat(43)}`);
    await server.accepted(['a']);
    expect(seen.map(({ url }) => url)).toEqual([
      `/realms/${ID}/passkeys/registration/open?job=${LINK.job}`,
      `/realms/${ID}/passkeys/registration/options?job=${LINK.job}`,
      `/realms/${ID}/passkeys/authentication/options?interaction=interaction`,
      `/realms/${ID}/passkeys/accepted`,
    ]);
    expect(seen.map(({ body }) => JSON.parse(body))).toEqual([
      { token: LINK.token },
      { token: LINK.token },
      { interaction: `interaction.${'s'.repeat(43)}` },
      { credentialIds: ['a'] },
    ]);
    for (const { headers } of seen) expect(headers).toMatchObject({ 'content-type': 'application/json' });
  });

  it('rejects with what the realm said', async () => {
    answer = { status: 410, body: '{"error":{"code":"LINK_EXPIRED","message":"Over.","correlationId":"c"}}' };
    await expect(server.registrationOptions(LINK)).rejects.toMatchObject({
      code: 'LINK_EXPIRED',
      correlationId: 'c',
    });
    for (const body of ['', 'oops', '<html>']) {
      answer = { status: 502, body };
      await expect(server.accepted([])).rejects.toMatchObject({ code: 'INTERNAL' });
      answer = { status: 200, body };
      await expect(server.accepted([])).rejects.toMatchObject({ code: 'INTERNAL' });
    }
  });

  it('says so when there is no answer, with the cause', async () => {
    const nobody = createServer(realmOf(`http://127.0.0.1:1/realms/${ID}`));
    await expect(nobody.accepted([])).rejects.toMatchObject({
      code: 'UNREACHABLE',
      cause: expect.any(TypeError),
    });
  });

  it('gives up when the caller does: before, and while it waits', async () => {
    await expect(server.accepted([], AbortSignal.abort('before'))).rejects.toMatchObject({
      code: 'ABORTED',
      cause: 'before',
    });
    expect(seen).toEqual([]);
    answer = undefined;
    const controller = new AbortController();
    const waiting = server.accepted([], controller.signal);
    setTimeout(() => controller.abort('while'), 50);
    await expect(waiting).rejects.toMatchObject({ code: 'ABORTED', cause: 'while' });
  });
});

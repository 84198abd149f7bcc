import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';

export interface EmbeddedOptions {
  /** Address of the realm; plain http is accepted on localhost alone. */
  readonly issuer: string;
  /** Of a public application whose authenticator config is embedded in this page. */
  readonly clientId: string;
  /** As its authenticator config says; AUTOMATIC unless said. */
  readonly invocation?: 'AUTOMATIC' | 'MANUAL';
  /** Part of the redirect URI and of the trusted origin, so that both have to be registered with it; 3001 unless said. */
  readonly port?: number;
}

export interface EmbeddedApplication {
  readonly url: string;
  close(): Promise<void>;
}

const DEFAULT_PORT = 3001;

const FILES: Readonly<Record<string, readonly [file: URL, type: string]>> = {
  '/app.js': [new URL('public/app.js', import.meta.url), 'text/javascript'],
  '/keyrealm.js': [new URL(import.meta.resolve('@keyrealm/sdk/bundle')), 'text/javascript'],
};
/** Addresses of the one page. */
const PAGES = ['/', '/bind', '/authenticate', '/callback'];

/**
 * A single-page application that signs people in on its own page, with nothing behind it but a server of files: its
 * script is in `public/app.js`, the SDK as it was built beside it.
 */
export async function startEmbeddedApplication(options: EmbeddedOptions): Promise<EmbeddedApplication> {
  const port = options.port ?? DEFAULT_PORT;
  const url = `http://localhost:${port}`;
  const { issuer, clientId, invocation = 'AUTOMATIC' } = options;
  const settings = JSON.stringify({ issuer, clientId, invocation });

  async function handle(path: string, response: ServerResponse): Promise<void> {
    const [file, type] = FILES[path] ?? [];
    if (file) return send(response, type ?? '', await readFile(file, 'utf8'));
    if (path === '/settings.json') return send(response, 'application/json', settings);
    if (!PAGES.includes(path)) return send(response, 'text/plain', 'Not found', 404);
    const page = await readFile(new URL('public/index.html', import.meta.url), 'utf8');
    // Whoever reads an address of this page could not use it alone; nobody needs to read it all the same.
    response.setHeader('referrer-policy', 'no-referrer');
    response.setHeader(
      'content-security-policy',
      `default-src 'none'; script-src 'self' '${digestOfMap(page)}'; style-src 'unsafe-inline'; connect-src 'self' ${new URL(issuer).origin}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    );
    return send(response, 'text/html', page);
  }

  const server = createServer((request, response) => {
    handle(new URL(request.url ?? '/', url).pathname, response).catch(() =>
      send(response, 'text/plain', 'Something went wrong', 500),
    );
  });
  await listen(server, port);
  return { url, close: () => close(server) };
}

/** The one script within the page says where the SDK is; nothing else in it may run (Content Security Policy Level 3). */
function digestOfMap(page: string): string {
  const [, map = ''] = /<script type="importmap">([\s\S]*?)<\/script>/.exec(page) ?? [];
  return `sha256-${createHash('sha256').update(map).digest('base64')}`;
}

function send(response: ServerResponse, type: string, body: string, status = 200): void {
  response.writeHead(status, { 'content-type': `${type}; charset=utf-8`, 'cache-control': 'no-store' });
  response.end(body);
}

const listen = (server: Server, port: number): Promise<void> =>
  new Promise((done, fail) => {
    server.once('error', fail);
    server.listen(port, '127.0.0.1', () => done());
  });

const close = (server: Server): Promise<void> =>
  new Promise((done) => {
    server.close(() => done());
    server.closeAllConnections();
  });

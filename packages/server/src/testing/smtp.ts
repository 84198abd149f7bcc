import { SMTPServer } from 'smtp-server';

export interface ReceivedMail {
  readonly from: string;
  /** Of the envelope. */
  readonly to: readonly string[];
  /** As it came over the wire. */
  readonly source: string;
}

export interface TestSmtp {
  readonly port: number;
  readonly url: string;
  readonly received: ReceivedMail[];
  /** The answer to the next recipients, as a mail server's code; undefined takes them. */
  refuseWith(code: number | undefined): void;
  close(): Promise<void>;
}

/** A real mail server on a port of its own, or on a given one. */
export function startSmtp(port = 0): Promise<TestSmtp> {
  const received: ReceivedMail[] = [];
  let refusal: number | undefined;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onRcptTo(_address, _session, done) {
      if (refusal === undefined) return done();
      done(Object.assign(new Error('Not here.'), { responseCode: refusal }));
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        received.push({
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          source: Buffer.concat(chunks).toString(),
        });
        done();
      });
    },
  });
  return new Promise((started, failed) => {
    server.on('error', failed);
    server.listen(port, '127.0.0.1', () => {
      const address = server.server.address();
      const actual = typeof address === 'object' && address ? address.port : 0;
      started({
        port: actual,
        url: `smtp://127.0.0.1:${actual}`,
        received,
        refuseWith: (code) => {
          refusal = code;
        },
        close: () => new Promise((closed) => server.close(() => closed())),
      });
    });
  });
}

/** Headers unfolded, by lower-case name, and the parts of the body, decoded. */
export function readMail(source: string): { headers: Map<string, string[]>; text: string; html: string } {
  const { headers, body } = splitPart(source);
  const boundary = /boundary="?([^";]+)"?/.exec(headers.get('content-type')?.[0] ?? '')?.[1] ?? '';
  const parts = body.split(`--${boundary}`).map((part) => splitPart(part.replace(/^\r\n/, '')));
  const textOf = (type: string): string => {
    const part = parts.find(({ headers: own }) => own.get('content-type')?.[0]?.startsWith(type));
    return part ? decoded(part.body, part.headers.get('content-transfer-encoding')?.[0] ?? '') : '';
  };
  return { headers, text: textOf('text/plain'), html: textOf('text/html') };
}

function splitPart(source: string): { headers: Map<string, string[]>; body: string } {
  const at = source.indexOf('\r\n\r\n');
  const headers = new Map<string, string[]>();
  for (const header of source
    .slice(0, Math.max(at, 0))
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n')) {
    const colon = header.indexOf(':');
    const name = header.slice(0, colon).toLowerCase();
    if (colon > 0) headers.set(name, [...(headers.get(name) ?? []), header.slice(colon + 1).trim()]);
  }
  return { headers, body: source.slice(at + 4) };
}

function decoded(body: string, encoding: string): string {
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString();
  if (encoding !== 'quoted-printable') return body;
  const bytes = body
    .replace(/=\r\n/g, '')
    .replace(/=([\dA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString();
}

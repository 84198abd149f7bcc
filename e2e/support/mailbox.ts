import { createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Mail {
  readonly to: string;
  /** The plain part, decoded. */
  readonly text: string;
}

export interface Mailbox {
  readonly url: string;
  /** The next mail to an address that says this; it is taken out. @throws Error when none comes in time */
  take(to: string, words: RegExp): Promise<Mail>;
  /** Whether one to that address has come and was not taken. */
  holds(to: string): boolean;
  close(): Promise<void>;
}

/** Everybody's mailbox: a mail server that takes what it is given (RFC 5321). */
export function openMailbox(): Promise<Mailbox> {
  const mails: Mail[] = [];
  const server = createServer((socket) => converse(socket, mails));
  const indexOf = (to: string, words: RegExp): number =>
    mails.findIndex((mail) => mail.to === to && words.test(mail.text));
  return new Promise((opened) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      opened({
        url: `smtp://127.0.0.1:${port}`,
        async take(to, words) {
          for (let waited = 0; waited < 15_000; waited += 100) {
            const [mail] = mails.splice(indexOf(to, words) >>> 0, 1);
            if (mail) return mail;
            await sleep(100);
          }
          throw new Error(`no mail to ${to} says ${words}; there are ${JSON.stringify(mails)}`);
        },
        holds: (to) => indexOf(to, /(?:)/) >= 0,
        close: () => new Promise((closed) => server.close(() => closed())),
      });
    });
  });
}

function converse(socket: Socket, mails: Mail[]): void {
  let waiting = '';
  let to = '';
  let inData = false;
  const say = (line: string): void => void socket.write(`${line}\r\n`);
  const command = (line: string): void => {
    const word = line.slice(0, 4).toUpperCase();
    if (word === 'RCPT') to = /<(.+)>/.exec(line)?.[1] ?? '';
    if (word === 'DATA') inData = true;
    say(word === 'DATA' ? '354 go on' : word === 'QUIT' ? '221 bye' : '250 yes');
    if (word === 'QUIT') socket.end();
  };
  socket.on('error', () => undefined);
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    waiting += chunk;
    for (;;) {
      const end = inData ? '\r\n.\r\n' : '\r\n';
      const at = waiting.indexOf(end);
      if (at < 0) return;
      const said = waiting.slice(0, at);
      waiting = waiting.slice(at + end.length);
      if (!inData) command(said);
      else {
        inData = false;
        mails.push({ to, text: plainOf(said) });
        say('250 taken');
      }
    }
  });
  say('220 mailbox');
}

/** Of a message in two parts the first one: what a program without HTML shows. */
function plainOf(source: string): string {
  const boundary = /boundary="?([^";\r\n]+)/.exec(source)?.[1] ?? '\r\n\r\n';
  const part = source.split(`--${boundary}`)[1] ?? source;
  const at = part.indexOf('\r\n\r\n');
  const body = part.slice(at + 4);
  const encoding = /content-transfer-encoding: *(\S+)/i.exec(part.slice(0, at))?.[1];
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString();
  if (encoding !== 'quoted-printable') return body;
  const bytes = body
    .replace(/=\r\n/g, '')
    .replace(/=([\dA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString();
}

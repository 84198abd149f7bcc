import type { Tx, Work } from '../../kernel/command.js';
import type { Theme } from '../themes/themes.service.js';
import type { MailRow } from './mail.queries.js';
import type { Language } from './words/index.js';

export type { MailRow } from './mail.queries.js';

/** What a letter says; the realm's theme gives it its looks. */
export interface Letter {
  /** Of the person, for the greeting. */
  readonly name: string;
  readonly link: string;
  readonly expiresAt: Date;
  /** A few words of whoever asks: plain text. */
  readonly message?: string | null | undefined;
}

/** How a letter looks, and what it is written in. */
export type Look = Theme & { readonly language: Language };

/** The body of a mail, twice the same. */
export interface Written {
  readonly text: string;
  readonly html: string;
}

/** How its letter is written now, or why it need not (`over`) or can't (`failed`) be sent any more. */
export type Prepared = { write: (look: Look) => Written } | { over: true } | { failed: string };

/** What the sender of mails asks the module that a mail comes from. */
export interface MailSource {
  /** @param secret of its link; empty where it has none */
  prepare(tx: Tx, mail: MailRow, secret: string): Promise<Prepared>;
  /** Takes, before the mail's own lock, those of what it is about. */
  lock(work: Work, mail: MailRow): Promise<void>;
  sent(work: Work, mail: MailRow): Promise<void>;
  /** @param reason a stable code */
  failed(work: Work, mail: MailRow, reason: string): Promise<void>;
}

/** Whether a code says that no repetition will help. */
export class NotSent extends Error {
  constructor(
    readonly code: string,
    readonly permanent: boolean,
  ) {
    super(`The mail server did not take it: ${code}`);
    this.name = 'NotSent';
  }
}

export interface Message {
  readonly id: string;
  readonly fromName: string;
  readonly to: string;
  readonly replyTo: string | null;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

export interface Transport {
  /** @throws NotSent */
  send(message: Message): Promise<void>;
}

/** No character that an address list, a header or a comment gives a meaning. */
const PLAIN = /^[^\s@\p{C}<>()[\]\\,;:"]+@[^\s@\p{C}<>()[\]\\,;:"]+$/u;

/** Whether mail can be sent to it, and to nobody else (RFC 5321, sections 4.1.2 and 4.5.3.1.3). */
export const isMailable = (address: string): boolean => address.length <= 254 && PLAIN.test(address);

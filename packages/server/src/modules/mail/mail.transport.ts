import { createTransport } from 'nodemailer';
import { type Message, NotSent, type Transport } from './mail.types.js';

const SECONDS = 1000;

/** A mail server over SMTP; one connection a mail, so that nothing is kept when it goes away. */
export function createSmtpTransport({ smtpUrl, from }: { smtpUrl: string; from: string }): Transport {
  const smtp = createTransport({
    url: smtpUrl,
    connectionTimeout: 10 * SECONDS,
    greetingTimeout: 10 * SECONDS,
    socketTimeout: 20 * SECONDS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const host = from.slice(from.lastIndexOf('@') + 1);
  return {
    async send(message: Message): Promise<void> {
      try {
        await smtp.sendMail({
          // The same again when it is sent again, so that a mailbox can tell.
          messageId: `<${message.id}@${host}>`,
          from: { name: message.fromName, address: from },
          to: { name: '', address: message.to },
          envelope: { from, to: [message.to] },
          ...(message.replyTo === null ? {} : { replyTo: { name: '', address: message.replyTo } }),
          subject: message.subject,
          text: message.text,
          html: message.html,
          // Nobody's holiday notice answers it (RFC 3834, section 5).
          headers: { 'Auto-Submitted': 'auto-generated' },
        });
      } catch (error) {
        throw notSent(error);
      }
    },
  };
}

/** Without the words of the server, and without a cause: they may repeat the mail. */
function notSent(error: unknown): NotSent {
  const field = (name: string): unknown =>
    error instanceof Error ? (error as unknown as Record<string, unknown>)[name] : undefined;
  const code = String(field('code') ?? 'EUNKNOWN').replace(/[^A-Z_]/g, '');
  const answer = Number(field('responseCode'));
  const refused = code === 'EENVELOPE' || code === 'EMESSAGE';
  const known = Number.isInteger(answer) && answer >= 200 && answer < 600;
  return new NotSent(known ? `${code}_${answer}` : code, refused && known && answer >= 500);
}

import { createTransport } from 'nodemailer';

/** As long as an operator waits for each step of the answer. */
const PATIENCE_MS = 5000;

/** Whether the mail server answers: for who sets one up, never for the sending itself. */
export function createMailReachService(mail: { readonly smtpUrl: string } | undefined) {
  return {
    /** Connects, says hello, signs in where the address names a user. @returns a code where it fails; undefined without a mail server */
    async check(): Promise<{ reachable: boolean; code: string | null } | undefined> {
      if (!mail) return undefined;
      const smtp = createTransport({
        url: mail.smtpUrl,
        connectionTimeout: PATIENCE_MS,
        greetingTimeout: PATIENCE_MS,
        socketTimeout: PATIENCE_MS,
        dnsTimeout: PATIENCE_MS,
        disableFileAccess: true,
        disableUrlAccess: true,
      });
      try {
        await smtp.verify();
        return { reachable: true, code: null };
      } catch (error) {
        return { reachable: false, code: codeOf(error) };
      } finally {
        smtp.close();
      }
    },
  };
}

/** Without the words of the server: they may repeat what signs in there. */
function codeOf(error: unknown): string {
  const field = (name: string): unknown =>
    error instanceof Error ? (error as unknown as Record<string, unknown>)[name] : undefined;
  const answer = Number(field('responseCode'));
  const code = String(field('code') ?? 'EUNKNOWN').replace(/[^A-Z_]/g, '');
  return Number.isInteger(answer) && answer >= 200 && answer < 600 ? `${code}_${answer}` : code;
}

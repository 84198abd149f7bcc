import { now } from '../../kernel/clock.js';
import { signUpCodeLetter, signUpLinkLetter, signUpTakenLetter } from '../mail/letters.service.js';
import type { Look, MailRow, MailSource, Written } from '../mail/mail.types.js';
import { selectSignUp } from './sign-up.queries.js';
import type { SignUpRow } from './sign-up.types.js';

/** Proofs of addresses. */
export function createSignUpMails({ publicUrl }: { publicUrl: string }) {
  const pageOf = ({ realm_id: realmId }: MailRow, name: string): string =>
    `${publicUrl}/realms/${realmId}/${name}`;

  const about = (
    status: SignUpRow['status'],
    write: (mail: MailRow, signUp: SignUpRow, secret: string, look: Look) => Written,
  ): MailSource => ({
    async prepare(tx, row, secret) {
      if (row.sign_up_id === null) throw new Error(`mail ${row.id} is about no sign-up`);
      const signUp = await selectSignUp(tx, row.realm_id, row.sign_up_id);
      if (signUp?.status !== status || signUp.expires_at <= now()) return { over: true };
      return { write: (theme) => write(row, signUp, secret, theme) };
    },
    // It changes nothing that the mail is about; the outbox tells whether it was sent.
    lock: async () => undefined,
    sent: async () => undefined,
    failed: async () => undefined,
  });

  return {
    link: about('SENT', (row, { expires_at: expiresAt }, token, theme) =>
      signUpLinkLetter({ link: `${pageOf(row, 'sign-up')}#token=${token}`, expiresAt }, theme),
    ),
    code: about('SENT', (_row, { expires_at: expiresAt }, code, theme) =>
      signUpCodeLetter({ code, expiresAt }, theme),
    ),
    taken: about('TAKEN', (row, _signUp, _secret, theme) =>
      signUpTakenLetter({ name: '', link: pageOf(row, 'recover') }, theme),
    ),
  };
}

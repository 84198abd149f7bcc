import { now, secondsFromNow } from '../../kernel/clock.js';
import type { Db, Work } from '../../kernel/command.js';
import { type RealmCtx, requireScope } from '../../kernel/context.js';
import { newId } from '../../kernel/ids.js';
import { type Page, type PageArgs, pageById, sliceOf } from '../../kernel/page.js';
import type { Vault } from '../../kernel/vault.js';
import type { ThemesService } from '../themes/themes.service.js';
import { subjectOf } from './mail.letters.js';
import * as queries from './mail.queries.js';

type MailRow = queries.MailRow;

interface Deps {
  db: Db;
  vault: Vault;
  themes: Pick<ThemesService, 'find'>;
  /** Whether a mail server is configured; without one mails wait in the outbox. */
  delivers: boolean;
}

const KEPT_SECONDS = 30 * 86_400;

const contextOf = (row: Pick<MailRow, 'realm_id' | 'id'>): string => `mail:${row.realm_id}:${row.id}`;

export type MailService = ReturnType<typeof createMailService>;

/** The outbox of every realm: mails are written into it in the transaction of what they are about. */
export function createMailService({ db, vault, themes, delivers }: Deps) {
  return {
    delivers,

    /** @param wanted a mailable address of the person, and the token of the link, kept only until the mail is sent */
    async enqueue(
      { ctx, tx }: Work,
      wanted: { to: string; bindingJobId: string; token: string; validUntil: Date },
    ): Promise<void> {
      const row = { realm_id: ctx.realm.id, id: newId() };
      const theme = await themes.find(ctx.realm.id, tx);
      await queries.insertMail(tx, {
        ...row,
        template: 'BINDING_LINK',
        binding_job_id: wanted.bindingJobId,
        recipient: wanted.to,
        subject: subjectOf(theme ?? ctx.realm),
        lease_id: null,
        last_error: null,
        wrapped_secret: vault.wrap(Buffer.from(wanted.token), contextOf(row)),
        valid_until: wanted.validUntil,
        sent_at: null,
      });
    },

    /** What still waits about a job is not sent any more. */
    withdraw: async ({ ctx, tx }: Work, bindingJobId: string): Promise<void> => {
      await queries.withdrawMails(tx, ctx.realm.id, bindingJobId);
    },

    findQueued: ({ ctx, tx }: Work, mailId: string): Promise<MailRow | undefined> =>
      queries.selectQueued(tx, ctx.realm.id, mailId),

    /** The token of its link; only for who may have it. */
    secretOf(row: MailRow): string {
      if (row.wrapped_secret === null) throw new Error(`mail ${row.id} is over`);
      return vault.unwrap(row.wrapped_secret, contextOf(row)).toString();
    },

    async list(ctx: RealmCtx, args: PageArgs): Promise<Page<MailRow>> {
      requireScope(ctx, 'realms:read');
      // Their addresses.
      requireScope(ctx, 'identities:read');
      const slice = sliceOf(args);
      return pageById(slice, await queries.selectMails(db, ctx.realm.id, slice));
    },

    purge: (): Promise<void> => queries.purgeMails(db, now(), secondsFromNow(-KEPT_SECONDS)),
  };
}

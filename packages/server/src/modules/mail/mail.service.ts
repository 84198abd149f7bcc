import type { MailTemplate } from '../../database/schema-mail.js';
import { now, secondsFromNow } from '../../kernel/clock.js';
import type { Db, Work } from '../../kernel/command.js';
import { type RealmCtx, requireScope } from '../../kernel/context.js';
import { newId } from '../../kernel/ids.js';
import { type Page, type PageArgs, pageById, sliceOf } from '../../kernel/page.js';
import type { Vault } from '../../kernel/vault.js';
import type { ThemesService } from '../themes/themes.service.js';
import * as queries from './mail.queries.js';
import { subjectFor } from './mail.subjects.js';
import type { Language } from './words/index.js';

type MailRow = queries.MailRow;

interface Deps {
  db: Db;
  vault: Vault;
  themes: Pick<ThemesService, 'find'>;
  /** Whether a mail server is configured; without one mails wait in the outbox. */
  delivers: boolean;
}

interface Wanted {
  readonly to: string;
  /** An invitation to bind a passkey unless said. */
  readonly template?: MailTemplate | undefined;
  /** What it is about: one of these. */
  readonly bindingJobId?: string;
  readonly recoveryRequestId?: string;
  readonly signUpId?: string;
  readonly token?: string;
  readonly validUntil: Date;
  /** Of the person; English unless said. */
  readonly language?: Language | undefined;
}

const KEPT_SECONDS = 30 * 86_400;

const contextOf = (row: Pick<MailRow, 'realm_id' | 'id'>): string => `mail:${row.realm_id}:${row.id}`;

export type MailService = ReturnType<typeof createMailService>;

/** The outbox of every realm: mails are written into it in the transaction of what they are about. */
export function createMailService({ db, vault, themes, delivers }: Deps) {
  return {
    delivers,

    /** @param wanted a mailable address of the person, and the secret that it brings, kept only until it is sent */
    async enqueue({ ctx, tx }: Work, wanted: Wanted): Promise<void> {
      const row = { realm_id: ctx.realm.id, id: newId() };
      const theme = await themes.find(ctx.realm.id, tx);
      const { template = 'BINDING_LINK', language = 'en' } = wanted;
      await queries.insertMail(tx, {
        ...row,
        template,
        language,
        binding_job_id: wanted.bindingJobId ?? null,
        recovery_request_id: wanted.recoveryRequestId ?? null,
        sign_up_id: wanted.signUpId ?? null,
        recipient: wanted.to,
        subject: subjectFor(template, { mailSubjects: {}, ...(theme ?? ctx.realm), language }),
        lease_id: null,
        last_error: null,
        wrapped_secret:
          wanted.token === undefined ? null : vault.wrap(Buffer.from(wanted.token), contextOf(row)),
        valid_until: wanted.validUntil,
        sent_at: null,
      });
    },

    /** What still waits about a job is not sent any more. */
    withdraw: async ({ ctx, tx }: Work, bindingJobId: string): Promise<void> => {
      await queries.withdrawMails(tx, ctx.realm.id, 'binding_job_id', bindingJobId);
    },

    withdrawRecovery: async ({ ctx, tx }: Work, requestId: string): Promise<void> => {
      await queries.withdrawMails(tx, ctx.realm.id, 'recovery_request_id', requestId);
    },

    findQueued: ({ ctx, tx }: Work, mailId: string): Promise<MailRow | undefined> =>
      queries.selectQueued(tx, ctx.realm.id, mailId),

    /** What it brings, empty where that is nothing; only for who may have it. */
    secretOf(row: MailRow): string {
      if (row.state !== 'QUEUED') throw new Error(`mail ${row.id} is over`);
      if (row.wrapped_secret === null) return '';
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

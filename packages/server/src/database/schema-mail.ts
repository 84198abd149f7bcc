import type { Time, WithDefault } from './columns.js';

export type MailTemplate =
  | 'BINDING_LINK'
  | 'RECOVERY_REQUESTED'
  | 'RECOVERY_LINK'
  | 'RECOVERY_COMPLETED'
  | 'SIGN_UP_LINK'
  | 'SIGN_UP_CODE'
  | 'SIGN_UP_TAKEN';

export interface MailsTable {
  realm_id: string;
  id: string;
  template: MailTemplate;
  /** What it is about: one of these, with which it goes. */
  binding_job_id: string | null;
  recovery_request_id: WithDefault<string | null>;
  sign_up_id: WithDefault<string | null>;
  recipient: string;
  /** Two letters (ISO 639); one that letters are written in. */
  language: WithDefault<string>;
  subject: string;
  state: WithDefault<'QUEUED' | 'SENT' | 'FAILED' | 'WITHDRAWN'>;
  attempts: WithDefault<number>;
  next_attempt_at: Time;
  lease_id: string | null;
  last_error: string | null;
  wrapped_secret: Buffer | null;
  valid_until: Date;
  created_at: Time;
  sent_at: Date | null;
}

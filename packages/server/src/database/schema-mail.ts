import type { Time, WithDefault } from './columns.js';

export interface MailsTable {
  realm_id: string;
  id: string;
  template: 'BINDING_LINK';
  binding_job_id: string;
  recipient: string;
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

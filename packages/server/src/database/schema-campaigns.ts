import type { Time, WithDefault } from './columns.js';

export interface CredentialBindingBatchesTable {
  realm_id: string;
  id: string;
  message: string | null;
  created_by_name: string;
  created_at: Time;
}

export interface CampaignsTable {
  realm_id: string;
  id: string;
  name: string;
  group_id: string | null;
  group_name: string | null;
  due_at: Date;
  reminder_days: number[];
  status: WithDefault<'DRAFT' | 'RUNNING' | 'PAUSED' | 'ENDED'>;
  end_reason: WithDefault<'DUE' | 'BY_HAND' | 'GROUP_DELETED' | null>;
  created_by_name: string;
  created_at: Time;
  started_at: WithDefault<Date | null>;
  ended_at: WithDefault<Date | null>;
  /** The last person that the present walk over the people has come to; null between two. */
  asked_up_to: WithDefault<string | null>;
  /** When the next walk begins. */
  ask_at: WithDefault<Date | null>;
  reminded_up_to: WithDefault<string | null>;
  /** The moment of the last round of reminders that is over. */
  reminded_for: WithDefault<Date | null>;
  work_at: Time;
  lease_id: WithDefault<string | null>;
  leased_until: WithDefault<Date | null>;
}

export interface CampaignPeopleTable {
  realm_id: string;
  campaign_id: string;
  identity_id: string;
  state: 'ASKED' | 'NO_ADDRESS' | 'ADMINISTRATOR' | 'EXCLUDED';
  binding_job_id: string | null;
  settled_at: Date;
  reminded_at: WithDefault<Date | null>;
  reminders: WithDefault<number>;
}

import type { Time, WithDefault } from './columns.js';

export interface SignUpsTable {
  realm_id: string;
  id: string;
  authenticator_config_id: string;
  application_id: string | null;
  interaction_id: string | null;
  address_key: string;
  address: string | null;
  proof: 'LINK' | 'CODE';
  status: WithDefault<'ASKED' | 'SENT' | 'TAKEN' | 'PROVEN' | 'COMPLETED'>;
  token_hash: Buffer | null;
  code_hash: WithDefault<string | null>;
  tries: WithDefault<number>;
  identity_id: string;
  correlation_id: string;
  ip: string | null;
  user_agent: string | null;
  attempts: WithDefault<number>;
  next_attempt_at: Time;
  expires_at: Date;
  created_at: Time;
}

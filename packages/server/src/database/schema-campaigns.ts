import type { Time } from './columns.js';

export interface CredentialBindingBatchesTable {
  realm_id: string;
  id: string;
  message: string | null;
  created_by_name: string;
  created_at: Time;
}

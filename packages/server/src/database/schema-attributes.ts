import type { Generated } from 'kysely';
import type { Json, Time, WithDefault } from './columns.js';

/** The custom attributes that a realm declares; one row a realm, made with it by the database. */
export interface AttributeSchemasTable {
  realm_id: string;
  version: Generated<number>;
  schema: Json<Record<string, unknown>>;
  updated_at: Time;
  updated_by_name: WithDefault<string>;
}

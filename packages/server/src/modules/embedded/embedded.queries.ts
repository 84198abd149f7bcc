import type { Db } from '../../kernel/command.js';

const embedded = (db: Db, realmId: string) =>
  db
    .selectFrom('authenticator_configs as c')
    .select(['c.id', 'c.invocation', 'c.invoke_url', 'c.trusted_origins'])
    .where('c.realm_id', '=', realmId)
    .where('c.kind', '=', 'EMBEDDED');

export const selectOfApplication = (db: Db, realmId: string, applicationId: string) =>
  embedded(db, realmId)
    .innerJoin('applications as a', (join) =>
      join.onRef('a.realm_id', '=', 'c.realm_id').onRef('a.authenticator_config_id', '=', 'c.id'),
    )
    .where('a.id', '=', applicationId)
    .executeTakeFirst();

/** A row without a config's values is a job of our own page; none is no job. */
const ofBindingJobs = (db: Db, realmId: string) =>
  db
    .selectFrom('credential_binding_jobs as j')
    .leftJoin('authenticator_configs as c', (join) =>
      join
        .onRef('j.realm_id', '=', 'c.realm_id')
        .onRef('j.authenticator_config_id', '=', 'c.id')
        .on('c.kind', '=', 'EMBEDDED'),
    )
    .select(['c.id', 'c.invocation', 'c.invoke_url', 'c.trusted_origins'])
    .where('j.realm_id', '=', realmId);

export const selectOfBindingJob = (db: Db, realmId: string, jobId: string) =>
  ofBindingJobs(db, realmId).where('j.id', '=', jobId).executeTakeFirst();

export const selectOfBindingLink = (db: Db, realmId: string, tokenHash: Buffer) =>
  ofBindingJobs(db, realmId).where('j.token_hash', '=', tokenHash).executeTakeFirst();

export const selectTrusting = (db: Db, realmId: string, origin: string) =>
  embedded(db, realmId)
    .where((eb) => eb(eb.val(origin), '=', eb.fn.any('c.trusted_origins')))
    .limit(1)
    .executeTakeFirst();

/** Of these credentials those that were not revoked; what a person can't use for the moment stays theirs. */
export const selectActive = (db: Db, realmId: string, credentialIds: readonly Buffer[]) =>
  db
    .selectFrom('passkeys')
    .select('credential_id')
    .where('realm_id', '=', realmId)
    .where('credential_id', 'in', [...credentialIds])
    .where('status', '=', 'ACTIVE')
    .execute();

import { type Command, print } from './command.js';
import { metadataLine } from './metadata.js';
import { withServices } from './open.js';

export const doctor: Command = {
  name: 'doctor',
  usage: '[--json]',
  does: 'Checks the configuration, the database, the keys and the mail server, and says what is wrong.',
  options: {},
  required: [],
  async run(config, values) {
    await withServices(config, async ({ services, pool }) => {
      const { rows } = await pool.query<{ version: string }>(
        "select current_setting('server_version') as version",
      );
      const keys = await services.keys.checkAll();
      const database = { kind: config.database.kind, version: rows[0]?.version ?? 'unknown' };
      const mail = (await services.mailReach.check()) ?? null;
      const metadata = await services.authenticatorMetadata.current();
      const answer = {
        publicUrl: config.publicUrl,
        database,
        signingKeys: keys,
        authenticatorMetadata: metadata
          ? { number: metadata.number, entries: metadata.entries, nextUpdate: metadata.next_update }
          : null,
        mail,
      };
      print(values, answer, [
        `Public address  ${config.publicUrl}`,
        `Database        PostgreSQL ${database.version}, ${database.kind}`,
        `Signing keys    ${keys.readable} of ${keys.total} can be opened with KEYREALM_SECRET`,
        `FIDO metadata   ${metadata ? metadataLine(metadata) : 'none; authenticators that prove their model count as unverified'}`,
        `Mail server     ${mail === null ? 'none; mails wait in the outbox' : mail.reachable ? 'answers' : `does not answer (${mail.code})`}`,
      ]);
      if (keys.readable < keys.total)
        throw new Error('Some signing keys were wrapped with another KEYREALM_SECRET. Put the old one back.');
      if (mail?.reachable === false)
        throw new Error(`The mail server of SMTP_URL does not answer as it should (${mail.code}).`);
    });
  },
};

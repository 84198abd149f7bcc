import { type Command, print } from './command.js';
import { metadataLine } from './metadata.js';
import { withServices } from './open.js';

export const doctor: Command = {
  name: 'doctor',
  usage: '[--json]',
  does: 'Checks the configuration, the database and the keys, and says what is wrong.',
  options: {},
  required: [],
  async run(config, values) {
    await withServices(config, async ({ services, pool }) => {
      const { rows } = await pool.query<{ version: string }>(
        "select current_setting('server_version') as version",
      );
      const keys = await services.keys.checkAll();
      const database = { kind: config.database.kind, version: rows[0]?.version ?? 'unknown' };
      const metadata = await services.authenticatorMetadata.current();
      const answer = {
        publicUrl: config.publicUrl,
        database,
        signingKeys: keys,
        authenticatorMetadata: metadata
          ? { number: metadata.number, entries: metadata.entries, nextUpdate: metadata.next_update }
          : null,
      };
      print(values, answer, [
        `Public address  ${config.publicUrl}`,
        `Database        PostgreSQL ${database.version}, ${database.kind}`,
        `Signing keys    ${keys.readable} of ${keys.total} can be opened with KEYREALM_SECRET`,
        `FIDO metadata   ${metadata ? metadataLine(metadata) : 'none; authenticators that prove their model count as unverified'}`,
      ]);
      if (keys.readable < keys.total)
        throw new Error('Some signing keys were wrapped with another KEYREALM_SECRET. Put the old one back.');
    });
  },
};

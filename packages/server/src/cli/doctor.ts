import { type Command, print } from './command.js';
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
      const answer = { publicUrl: config.publicUrl, database, signingKeys: keys };
      print(values, answer, [
        `Public address  ${config.publicUrl}`,
        `Database        PostgreSQL ${database.version}, ${database.kind}`,
        `Signing keys    ${keys.readable} of ${keys.total} can be opened with KEYREALM_SECRET`,
      ]);
      if (keys.readable < keys.total)
        throw new Error('Some signing keys were wrapped with another KEYREALM_SECRET. Put the old one back.');
    });
  },
};

import { type Command, print } from './command.js';
import { withServices } from './open.js';

export const migrateCommand: Command = {
  name: 'migrate',
  usage: '[--json]',
  does: 'Brings the database forward to this version; serve does the same at its start.',
  options: {},
  required: [],
  async run(config, values) {
    await withServices(config, async ({ pool }) => {
      const { rows } = await pool.query<{ name: string }>('select name from schema_migrations order by name');
      const names = rows.map(({ name }) => name);
      print(values, { migrations: names }, [`The database is at ${names.at(-1) ?? 'nothing'}.`]);
    });
  },
};

import { type Command, print } from './command.js';
import { commandFacts, OPERATOR, withServices } from './open.js';

const MINUTES = 60;

export const recover: Command = {
  name: 'recover',
  usage: '--tenant T --username U [--json]',
  does: `Makes a binding link, good for ${MINUTES} minutes, for an administrator who can't sign in any more.`,
  options: { tenant: { type: 'string' }, username: { type: 'string' } },
  required: ['tenant', 'username'],
  async run(config, values) {
    await withServices(config, async ({ services }) => {
      const ctx = await services.tenants.operatorContext(commandFacts(), OPERATOR, String(values.tenant));
      const made = await services.tenants.recover(ctx, {
        username: values.username,
        expiresInSeconds: MINUTES * 60,
      });
      print(values, made, [
        'Open this link once to bind a new passkey:',
        `  ${made.bindingLink}`,
        `It is good until ${made.expiresAt}.`,
        ...made.did.map((line) => `- ${line}`),
        'All of this is recorded in the events of the Admin Realm.',
      ]);
    });
  },
};

import { type Command, print } from './command.js';
import { commandFacts, OPERATOR, withServices } from './open.js';

export const apiTokenCreate: Command = {
  name: 'api-token create',
  usage: '--tenant T --scopes "a b" --name N [--replace] [--json]',
  does: 'Mints an access token of the Management API for a machine; it lives three months and is shown once. --replace: beside a live one of this name.',
  options: {
    tenant: { type: 'string' },
    scopes: { type: 'string' },
    name: { type: 'string' },
    replace: { type: 'boolean' },
  },
  required: ['tenant', 'scopes', 'name'],
  async run(config, values) {
    await withServices(config, async ({ services }) => {
      const ctx = await services.tenants.operatorContext(commandFacts(), OPERATOR, String(values.tenant));
      const scopes = String(values.scopes)
        .split(/[\s,]+/)
        .filter(Boolean);
      const wanted = { name: values.name, scopes, replace: values.replace === true };
      const { token, expiresAt } = await services.tokens.mint(ctx, wanted);
      print(values, { token, expiresAt: expiresAt.toISOString() }, [
        token,
        `Good until ${expiresAt.toISOString()}. It is not shown again.`,
      ]);
    });
  },
};

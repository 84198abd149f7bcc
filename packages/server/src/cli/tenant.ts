import { type Command, print } from './command.js';
import { commandFacts, withServices } from './open.js';

export const tenantCreate: Command = {
  name: 'tenant create',
  usage: '--name N --admin-email E [--json]',
  does: 'Makes a tenant with its Admin Realm, and a one-time link for its first administrator’s passkey.',
  options: { name: { type: 'string' }, 'admin-email': { type: 'string' } },
  required: ['name', 'admin-email'],
  async run(config, values) {
    await withServices(config, async ({ services }) => {
      const wanted = { name: values.name, adminEmail: values['admin-email'] };
      const made = await services.tenants.create(commandFacts(), wanted);
      print(values, made, [
        `Tenant         ${made.tenantId}`,
        `Console        ${made.consoleUrl}`,
        `Binding link   ${made.bindingLink}`,
        'Management API, shown this once:',
        `  client id      ${made.managementApi.clientId}`,
        `  client secret  ${made.managementApi.clientSecret}`,
        `  token endpoint ${made.managementApi.tokenEndpoint}`,
      ]);
    });
  },
};

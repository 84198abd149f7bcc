import { type Command, print } from './command.js';
import { withServices } from './open.js';

export const secretRewrap: Command = {
  name: 'secret rewrap',
  usage: '[--json]',
  does: 'Wraps the signing keys with KEYREALM_SECRET, after it replaced the one in KEYREALM_SECRET_PREVIOUS.',
  options: {},
  required: [],
  async run(config, values) {
    await withServices(config, async ({ services }) => {
      const { total, readable } = await services.keys.checkAll();
      if (readable < total)
        throw new Error(
          `${total - readable} of ${total} signing keys open with neither KEYREALM_SECRET nor KEYREALM_SECRET_PREVIOUS. Nothing was changed.`,
        );
      const rewrapped = await services.keys.rewrapAll();
      print(values, { rewrapped }, [
        `${rewrapped} signing keys are wrapped with KEYREALM_SECRET now.`,
        'Keep KEYREALM_SECRET_PREVIOUS for a week, until every mail that waits is sent; then remove it.',
      ]);
    });
  },
};

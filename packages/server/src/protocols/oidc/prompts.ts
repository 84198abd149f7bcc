import { interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider';
import type { Services } from '../../services.js';
import { SESSION } from './adapter.js';
import { currentFlow, flowContext } from './flow.js';
import { identityOf } from './lookups.js';

const { Check, Prompt, base } = interactionPolicy;

/**
 * When a person is asked (OpenID Connect Core, section 3.1.2.1). Sign-in by passkey is the only thing that we ask for.
 * What an application may see is the administrator's decision; a request for consent is answered by a new touch of the
 * passkey, on a page that names the application.
 */
export function prompts(services: Services) {
  const policy = base();
  const consent = policy.get('consent');
  for (const check of [...(consent?.checks ?? [])])
    if (check.reason !== 'consent_prompt') consent?.checks.remove(check.reason);
  policy.get('login')?.checks.add(asksAgain(services));
  policy.get('login')?.checks.add(meansAnother(services));
  policy.add(new Prompt({ name: 'select_account', requestable: true }), 0);
  return policy;
}

/** The policy as it is now decides on a session that was opened for another application. */
const asksAgain = (services: Services) =>
  new Check('policy', 'the policy asks for a new sign-in', 'login_required', async (ctx) => {
    const sessionId: unknown = ctx.oidc.session && Reflect.get(ctx.oidc.session, SESSION);
    if (!ctx.oidc.session?.accountId || ctx.oidc.result?.login) return Check.NO_NEED_TO_PROMPT;
    if (typeof sessionId !== 'string') return Check.REQUEST_PROMPT;
    const allowed = await services.authentication.goOn(flowContext(currentFlow()), {
      sessionId,
      applicationId: ctx.oidc.client?.clientId,
    });
    return allowed ? Check.NO_NEED_TO_PROMPT : Check.REQUEST_PROMPT;
  });

/** The application names somebody else than who is signed in: whoever that is, here or not, the person decides. */
const meansAnother = (services: Services) =>
  new Check(
    'login_hint',
    'another account is signed in',
    'login_required',
    async (ctx: KoaContextWithOIDC) => {
      const hint = ctx.oidc.params?.login_hint;
      const accountId = ctx.oidc.session?.accountId;
      if (typeof hint !== 'string' || hint === '' || accountId === undefined || ctx.oidc.result?.login)
        return Check.NO_NEED_TO_PROMPT;
      const identity = await identityOf(services, currentFlow().realm.id, accountId);
      return identity && services.signedIn.isMeant(identity, hint)
        ? Check.NO_NEED_TO_PROMPT
        : Check.REQUEST_PROMPT;
    },
  );

import { browserSupportsWebAuthn } from '@simplewebauthn/browser';
import { createAccountApi, type Overview } from '../account-api.js';
import { createCeremonies } from '../ceremonies.js';
import { account } from '../messages/account/index.js';
import { language } from '../messages/index.js';
import type { PageRealm } from '../page.js';
import { problemOf } from '../problems.js';
import { tell } from '../signals.js';
import { explainUnsupported } from '../unsupported.js';
import { action, element, type Frame, frame } from '../view.js';
import type { Desk } from './account-desk.js';
import { historyPart } from './account-history.js';
import { passkeysPart } from './account-passkeys.js';
import { sessionsPart } from './account-sessions.js';

/** A person's own page: their passkeys, their sessions, their sign-ins. */
export async function accountPage(realm: PageRealm): Promise<void> {
  await account.speak([language()]);
  const { t } = account;
  const view = frame(realm, t('title'));
  if (!browserSupportsWebAuthn()) return explainUnsupported(view, location.href);
  const api = createAccountApi(realm.id);
  const ceremonies = createCeremonies(view, {
    realmId: realm.id,
    options: () => api.enterOptions(),
    async verify(challengeId, response) {
      const { known } = await api.enter({ challengeId, response });
      if (known) await tell(known);
      await desk.redraw('');
    },
  });

  const desk: Desk = {
    realm,
    api,
    view,
    async run(work) {
      try {
        await work();
      } catch (error) {
        const failure = problemOf(error);
        if (failure.code === 'UNAUTHENTICATED') return door(view, () => ceremonies.ask(false));
        if (failure.code === 'REAUTHENTICATION_REQUIRED') return ceremonies.ask(false);
        view.fail(failure);
      }
    },
    async redraw(said, focus) {
      const overview = await api.overview();
      draw(desk, overview);
      view.say(said);
      if (focus !== undefined) document.getElementById(focus)?.focus();
      else if (said === '') view.begin();
    },
    comeIn: () => ceremonies.ask(false),
  };

  await desk.run(() => desk.redraw(''));
}

/** Before anybody came in: nothing of anybody is here yet. */
function door(view: Frame, ask: () => Promise<void>): void {
  const button = action(account.t('enterButton'), ask);
  view.show(element('p', {}, account.t('enter')), button);
  view.say('');
  button.focus();
}

function draw(desk: Desk, overview: Overview): void {
  const { t, rich } = account;
  const leave = action(t('leave'), () =>
    desk.run(async () => {
      await desk.api.leave();
      desk.view.finish(t('left'));
    }),
  );
  leave.className = 'link';
  const name = element('strong', {}, overview.identity.displayName);
  desk.view.show(
    element('p', { className: 'who' }, ...rich('signedInAs', { name }), ' ', leave),
    passkeysPart(desk, overview),
    sessionsPart(desk, overview),
    historyPart(desk),
  );
}

import { send } from '../api.js';
import { dropToken, takeToken } from '../link.js';
import { entry } from '../messages/entry/index.js';
import { language } from '../messages/index.js';
import type { Page, PageRealm } from '../page.js';
import { problem } from '../problems.js';
import { action, element, frame } from '../view.js';
import { formOf, problemHere } from './entry-form.js';

/** What somebody can do who lost their passkey. */
export async function recoverPage({ realm, offered }: Extract<Page, { page: 'recover' }>): Promise<void> {
  await entry.speak([language()]);
  const { t } = entry;
  const view = frame(realm, t('recover.title'));
  const account = element(
    'a',
    { href: `/realms/${encodeURIComponent(realm.id)}/account` },
    t('recover.account'),
  );
  const other = [element('p', {}, t('recover.other')), element('p', {}, account)];
  if (!offered) return view.show(...other, element('p', {}, t('recover.off')));
  const email = {
    name: 'email',
    label: t('recover.email'),
    type: 'email',
    autocomplete: 'email',
    maxLength: 254,
  } as const;
  const form = formOf(view, [email], t('recover.button'), async (value) => {
    await send(`/realms/${encodeURIComponent(realm.id)}/recovery/request`, { email: value('email') });
    view.say('');
    view.finish(t('recover.asked'));
  });
  view.show(...other, element('p', {}, t('recover.how')), form);
}

/** From a notice: ends what somebody began in the person's name. Nothing happens before the button is pressed. */
export async function stopPage(realm: PageRealm): Promise<void> {
  await entry.speak([language()]);
  const { t } = entry;
  const view = frame(realm, t('stop.title'));
  addEventListener('hashchange', () => location.reload());
  const token = takeToken();
  if (token === undefined) return view.fail(problem('LINK_INCOMPLETE'));
  const button = action(t('stop.button'), async () => {
    try {
      const { undone } = await send<{ undone: boolean }>(
        `/realms/${encodeURIComponent(realm.id)}/recovery/stop`,
        { token },
      );
      dropToken();
      view.say('');
      view.finish(t(undone ? 'stop.undone' : 'stop.stopped'));
    } catch (error) {
      view.fail(problemHere(error));
    }
  });
  view.show(element('p', {}, t('stop.text')), button);
  button.focus();
}

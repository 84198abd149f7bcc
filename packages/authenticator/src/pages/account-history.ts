import type { OwnSignIn } from '../account-api.js';
import { deviceText } from '../device.js';
import { account } from '../messages/account/index.js';
import { t as common, timeText } from '../messages/index.js';
import { action, element } from '../view.js';
import type { Desk } from './account-desk.js';

/** My sign-ins, the newest first; more of them when asked. */
export function historyPart(desk: Desk): HTMLElement {
  const { t } = account;
  const list = element('ul', { className: 'items' });
  const body = element('div', {});
  let next: string | null = null;

  const load = (): Promise<void> =>
    desk.run(async () => {
      const page = await desk.api.history(next);
      next = page.next;
      const rows = page.signIns.map(row);
      list.append(...rows);
      body.replaceChildren(
        ...(list.childElementCount === 0 ? [element('p', {}, t('noHistory'))] : [list]),
        ...(next === null ? [] : [more]),
      );
      if (list.childElementCount > rows.length) rows[0]?.focus();
    });
  const more = action(t('more'), load);
  more.className = 'secondary';
  void load();

  return element(
    'section',
    { className: 'part' },
    element('h2', {}, t('history')),
    element('p', { className: 'hint' }, t('historyHint')),
    body,
  );
}

function row(signIn: OwnSignIn): HTMLElement {
  const { t } = account;
  const facts = [
    ...(signIn.application === null ? [] : [t('to', { application: signIn.application })]),
    ...(signIn.ip === null ? [] : [t('from', { ip: signIn.ip })]),
    ...(signIn.userAgent === null ? [] : [deviceText(signIn.userAgent)]),
  ];
  return element(
    'li',
    { tabIndex: -1 },
    element('strong', {}, `${t(signIn.succeeded ? 'succeeded' : 'denied')} · ${timeText(signIn.at)}`),
    element('p', { className: 'hint' }, facts.join(' · ')),
    element(
      'p',
      { className: 'reference' },
      `${common('frame.reference')} `,
      element('code', {}, signIn.reference),
    ),
  );
}

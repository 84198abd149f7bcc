import type { Overview, OwnSession } from '../account-api.js';
import { deviceText } from '../device.js';
import { account } from '../messages/account/index.js';
import { timeText } from '../messages/index.js';
import { action, element } from '../view.js';
import type { Desk } from './account-desk.js';

const OTHERS = 'end-others';

/** Where I am signed in, and how to end it. */
export function sessionsPart(desk: Desk, { sessions }: Overview): HTMLElement {
  const { t } = account;
  const others = action(t('endOthers'), () =>
    desk.run(async () => {
      await desk.api.endOthers();
      await desk.redraw(t('othersEnded'), OTHERS);
    }),
  );
  others.className = 'secondary';
  others.id = OTHERS;
  return element(
    'section',
    { className: 'part' },
    element('h2', {}, t('sessions')),
    element('ul', { className: 'items' }, ...sessions.map((session) => row(desk, session))),
    others,
  );
}

function row(desk: Desk, session: OwnSession): HTMLElement {
  const { t } = account;
  const facts = [
    ...(session.ip === null ? [] : [t('from', { ip: session.ip })]),
    t('seen', { time: timeText(session.lastSeenAt) }),
    ...(session.applications.length === 0
      ? []
      : [t('uses', { applications: session.applications.join(', ') })]),
  ];
  const end = action(t('end'), () =>
    desk.run(async () => {
      await desk.api.endSession(session.id);
      await desk.redraw(t('ended'), OTHERS);
    }),
  );
  end.className = 'link';
  end.setAttribute('aria-label', t('endOf', { time: timeText(session.createdAt) }));
  return element(
    'li',
    {},
    element(
      'strong',
      {},
      session.current
        ? t('thisSession')
        : session.userAgent === null
          ? timeText(session.createdAt)
          : deviceText(session.userAgent),
    ),
    element('p', { className: 'hint' }, facts.join(' · ')),
    ...(session.current ? [] : [element('div', { className: 'actions' }, end)]),
  );
}

import { startRegistration } from '@simplewebauthn/browser';
import type { Overview, OwnPasskey } from '../account-api.js';
import { createApi } from '../api.js';
import { account } from '../messages/account/index.js';
import { t as common, timeText } from '../messages/index.js';
import { tell } from '../signals.js';
import { action, element } from '../view.js';
import type { Desk } from './account-desk.js';

const ADD = 'add-passkey';

/** My passkeys: seen, added, renamed, removed. */
export function passkeysPart(desk: Desk, overview: Overview): HTMLElement {
  const { t } = account;
  const add = action(t('add'), () => desk.run(() => (overview.fresh ? addOne(desk) : desk.comeIn())));
  add.id = ADD;
  return element(
    'section',
    { className: 'part' },
    element('h2', {}, t('passkeys')),
    element(
      'ul',
      { className: 'items' },
      ...overview.passkeys.map((passkey) => row(desk, passkey, overview.passkeys.length === 1)),
    ),
    ...(overview.fresh ? [] : [element('p', { className: 'hint' }, t('addAgain'))]),
    add,
  );
}

async function addOne({ api, view, realm, redraw }: Desk): Promise<void> {
  const { token } = await api.addPasskey();
  const ceremonies = createApi(realm.id);
  view.say(common('frame.follow'));
  const { challengeId, options } = await ceremonies.registrationOptions(token);
  const response = await startRegistration({ optionsJSON: options });
  view.say(common('frame.checking'));
  const { passkey } = await ceremonies.register({ token, challengeId, response });
  await redraw(account.t('added', { passkey: passkey.name }), ADD);
}

function row(desk: Desk, passkey: OwnPasskey, isLast: boolean): HTMLElement {
  const { t } = account;
  const item = element('li', {});
  const facts = [
    passkey.model,
    t(passkey.deviceBound ? 'deviceBound' : 'synced'),
    t('created', { time: timeText(passkey.createdAt) }),
    passkey.lastUsedAt === null ? t('neverUsed') : t('lastUsed', { time: timeText(passkey.lastUsedAt) }),
    ...(passkey.current ? [t('thisPasskey')] : []),
  ];
  const small = (label: string, about: string, run: () => void): HTMLButtonElement => {
    const button = action(label, async () => run());
    button.className = 'link';
    button.setAttribute('aria-label', about);
    return button;
  };
  const rename = small(t('rename'), t('renameOf', { passkey: passkey.name }), () =>
    renaming(desk, item, passkey, show),
  );
  const remove = small(t('remove'), t('removeOf', { passkey: passkey.name }), () =>
    removing(desk, item, passkey, isLast, show),
  );
  function show(): void {
    item.replaceChildren(
      element('strong', {}, passkey.name),
      element('p', { className: 'hint' }, facts.join(' · ')),
      element('div', { className: 'actions' }, rename, remove),
    );
  }
  show();
  return item;
}

function renaming(desk: Desk, item: HTMLElement, passkey: OwnPasskey, back: () => void): void {
  const { t } = account;
  const field = element('input', {
    type: 'text',
    id: `name-${passkey.id}`,
    value: passkey.name,
    maxLength: 100,
    required: true,
    autocomplete: 'off',
  });
  const save = action(t('save'), () =>
    desk.run(async () => {
      const name = field.value.trim();
      if (name === '') return field.focus();
      await desk.api.renamePasskey(passkey.id, name);
      await desk.redraw(t('renamed', { passkey: name }), ADD);
    }),
  );
  field.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') save.click();
    if (event.key === 'Escape') back();
  });
  item.replaceChildren(
    element('label', { htmlFor: field.id }, t('newName')),
    field,
    element('div', { className: 'actions' }, save, cancel(back)),
  );
  field.select();
}

function removing(
  desk: Desk,
  item: HTMLElement,
  passkey: OwnPasskey,
  isLast: boolean,
  back: () => void,
): void {
  const { t } = account;
  const known = element('input', { type: 'checkbox', id: `last-${passkey.id}` });
  const remove = action(t('remove'), () =>
    desk.run(async () => {
      if (isLast && !known.checked) return known.focus();
      const { known: left } = await desk.api.removePasskey(passkey.id, isLast);
      await tell(left);
      await desk.redraw(t('removed', { passkey: passkey.name }), ADD);
    }),
  );
  remove.classList.add('danger');
  item.replaceChildren(
    element('p', {}, t('removeQuestion', { passkey: passkey.name })),
    ...(isLast
      ? [
          element(
            'p',
            { className: 'check' },
            known,
            element('label', { htmlFor: known.id }, t('removeLast')),
          ),
        ]
      : []),
    element('div', { className: 'actions' }, remove, cancel(back)),
  );
  (isLast ? known : remove).focus();
}

function cancel(back: () => void): HTMLButtonElement {
  const button = action(account.t('cancel'), async () => back());
  button.className = 'secondary';
  return button;
}

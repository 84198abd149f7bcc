import { t } from './messages/index.js';
import { copyButton, element, type Frame } from './view.js';

/** What keeps a browser from passkeys, as far as one can tell. */
export type Obstacle = 'insecure' | 'inApp' | 'update';

/** Apps that show a page in a view of their own; a view on iOS has no word of Safari. */
const IN_APP =
  /; wv\)|\bFBA[NV]\b|\bInstagram\b|\bLine\/|\bMicroMessenger\b|\bGSA\/|\bTwitter\b|\bLinkedInApp\b|\bSnapchat\b/;
const IOS_VIEW = /\((?:iPhone|iPad|iPod)[^)]*\)(?!.*\bSafari\/)/;

export function obstacleOf(userAgent: string, secure: boolean): Obstacle {
  if (!secure) return 'insecure';
  return IN_APP.test(userAgent) || IOS_VIEW.test(userAgent) ? 'inApp' : 'update';
}

/**
 * Says what to do where the browser can't use passkeys.
 * @param address what to open elsewhere: the whole of it, with a link's secret
 */
export function explainUnsupported(view: Frame, address: string): void {
  const obstacle = obstacleOf(navigator.userAgent, isSecureContext);
  view.rename(t('unsupported.title'));
  view.show(
    element('p', {}, t(`unsupported.${obstacle}`)),
    ...(obstacle === 'insecure' ? [] : [copyButton(t('unsupported.copy'), address, 'secondary')]),
  );
}

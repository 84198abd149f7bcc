import { speak, t } from './messages/index.js';
import { type Page, parsePage } from './page.js';
import { bindPage } from './pages/bind.js';
import { errorPage, signedOutPage, signOutPage } from './pages/others.js';
import { signInPage } from './pages/sign-in.js';
import { problem } from './problems.js';
import { wear } from './theme.js';
import { frame, turn } from './view.js';

async function show(page: Page): Promise<void> {
  if (page.realm) wear(page.realm);
  if (page.page === 'bind') await bindPage(page.realm);
  else if (page.page === 'sign-in') await signInPage(page);
  else if (page.page === 'account') await (await import('./pages/account.js')).accountPage(page.realm);
  else if (page.page === 'recover') await (await import('./pages/recover.js')).recoverPage(page);
  else if (page.page === 'recover-stop') await (await import('./pages/recover.js')).stopPage(page.realm);
  else if (page.page === 'sign-up') await (await import('./pages/sign-up.js')).signUpPage(page);
  else if (page.page === 'sign-out') signOutPage(page);
  else if (page.page === 'signed-out') signedOutPage(page);
  else errorPage(page);
}

try {
  const page = read();
  turn(document.documentElement, await speak([...(page?.uiLocales ?? []), ...navigator.languages]));
  try {
    if (!page) throw new Error('no page');
    await show(page);
  } catch {
    // Never an empty page: whatever broke, the person learns that it is not their fault.
    frame(null, t('failure.title')).fail(problem('BROKEN'));
  }
} catch {
  // Not even words could be fetched.
  document.getElementById('page')?.append('This page could not be loaded. Please reload it.');
}

function read(): Page | undefined {
  try {
    return parsePage(document.getElementById('keyrealm-page')?.textContent ?? '');
  } catch {
    return undefined;
  }
}

import { type Page, parsePage } from './page.js';
import { bindPage } from './pages/bind.js';
import { errorPage, signedOutPage, signOutPage } from './pages/others.js';
import { signInPage } from './pages/sign-in.js';
import { frame, wear } from './view.js';

async function show(page: Page): Promise<void> {
  if (page.realm) wear(page.realm);
  if (page.page === 'bind') await bindPage(page.realm);
  else if (page.page === 'sign-in') await signInPage(page);
  else if (page.page === 'sign-out') signOutPage(page);
  else if (page.page === 'signed-out') signedOutPage(page);
  else errorPage(page);
}

try {
  await show(parsePage(document.getElementById('keyrealm-page')?.textContent ?? ''));
} catch {
  // Never an empty page: whatever broke, the person learns that it is not their fault.
  frame(null, 'This did not work').fail({
    code: 'INTERNAL',
    message: 'Something went wrong on our side. Please start again where you came from.',
    correlationId: undefined,
  });
}

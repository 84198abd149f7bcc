import { type Browser, type BrowserContext, expect, type Page } from '@playwright/test';
import { type Authenticator, addAuthenticator } from './browser.ts';
import type { RunningServer } from './server.ts';

export interface Someone {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly authenticator: Authenticator;
}

/** Someone at their own computer: a browser profile and an authenticator of their own. */
export async function someone(browser: Browser): Promise<Someone> {
  const context = await browser.newContext();
  const page = await context.newPage();
  return { context, page, authenticator: await addAuthenticator(page) };
}

/** Follows a binding link and creates the passkey. */
export async function bind({ page }: Someone, link: string): Promise<void> {
  await page.goto(link);
  await page.getByRole('button', { name: 'Create passkey' }).click();
  await expect(page.getByText(/is ready/)).toBeVisible();
}

/** The administrator of the first start, signed in to the console. */
export async function administrator(browser: Browser, server: RunningServer): Promise<Someone> {
  const admin = await someone(browser);
  await admin.page.goto(server.bindingLink);
  await admin.page.getByRole('button', { name: 'Create passkey' }).click();
  await signInToConsole(admin);
  return admin;
}

/** From the console's sign-in page on; the passkey may have been offered and taken already. */
export async function signInToConsole({ page }: Someone): Promise<void> {
  const button = page.getByRole('button', { name: 'Sign in with a passkey' });
  const inside = page.getByRole('navigation', { name: 'Main' });
  await expect(button.or(inside).first()).toBeVisible();
  // The offer in the field may win: then the button is gone when it is pressed.
  if (!(await inside.isVisible())) await button.click({ timeout: 3_000 }).catch(() => undefined);
  await expect(inside).toBeVisible();
}

/** From the relying party's start page to its claims. */
export async function signInTo(shop: string, { page }: Someone): Promise<void> {
  await page.goto(shop);
  await page.getByRole('link', { name: 'Sign in' }).click();
  const button = page.getByRole('button', { name: 'Sign in with a passkey' });
  const inside = page.getByRole('heading', { name: 'Signed in' });
  const alert = page.getByRole('alert').filter({ hasText: /\S/ });
  await expect(button.or(inside).or(alert).first()).toBeVisible();
  if (await button.isVisible()) await button.click({ timeout: 3_000 }).catch(() => undefined);
}

import type { PageRealm } from '../../modules/themes/themes.service.js';

export type { PageRealm } from '../../modules/themes/themes.service.js';

/** A page of ours with the headers that it is to be sent with. */
export interface RenderedPage {
  readonly html: string;
  readonly headers: Readonly<Record<string, string>>;
}

export type EnginePage =
  | {
      page: 'sign-in';
      realm: PageRealm;
      interaction: string;
      applicationName: string;
      loginHint?: string;
      uiLocales?: string | undefined;
      /** Those who are signed in in this browser. */
      accounts: readonly { session: string; displayName: string; username: string }[];
      /** Whether only a new sign-in will do, whoever it is. */
      fresh: boolean;
      /** Whether people may help themselves when they lost their passkey. */
      recovery: boolean;
      /** Whether people may sign up for the application by themselves. */
      signUp: boolean;
    }
  | { page: 'sign-out'; realm: PageRealm; action: string; xsrf: string; asked: boolean }
  | { page: 'signed-out'; realm: PageRealm }
  | { page: 'error'; realm: PageRealm | null; code: string; message: string; correlationId: string };

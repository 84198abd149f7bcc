import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { MailTemplate } from '../../database/schema-mail.js';
import type { RealmCtx } from '../../kernel/context.js';
import { ALL_SCOPES } from '../../kernel/permissions.js';
import { listenTestApp, type TestApp } from '../../testing/app.js';
import { readMail, startSmtp, type TestSmtp } from '../../testing/smtp.js';
import { bindingLetter } from './mail.letters.js';
import { subjectFor } from './mail.subjects.js';
import type { Look } from './mail.types.js';
import { recoveryCompletedLetter, recoveryLetter, recoveryRequestedLetter } from './recovery.letters.js';
import { signUpCodeLetter, signUpLinkLetter, signUpTakenLetter } from './sign-up.letters.js';
import { type Language, languageFor, wordsOf } from './words/index.js';

const LANGUAGES: readonly Language[] = ['en', 'de', 'es', 'fr', 'ja'];

const lookIn = (language: Language): Look => ({
  displayName: 'Acme',
  supportEmail: 'help@acme.example',
  supportUrl: 'https://acme.example/help',
  primaryColor: '#ffcc00',
  backgroundLight: '#f3f4f8',
  backgroundDark: '#0f1117',
  logoAlt: null,
  logoLight: null,
  logoDark: null,
  mailSubjects: {},
  version: 1,
  updatedAt: new Date(0),
  language,
});

const at = new Date('2030-03-04T17:05:00Z');
const link = 'https://id.acme.example/realms/r/bind#token=abc';
const lettersIn = (look: Look) => [
  bindingLetter({ name: 'Ada', link, expiresAt: at }, look),
  recoveryLetter({ name: 'Ada', link, expiresAt: at }, look),
  recoveryRequestedLetter({ name: 'Ada', stopLink: link, readyAt: at, revokes: true, waits: true }, look),
  recoveryCompletedLetter(
    { name: 'Ada', undoLink: link, until: at, passkeyName: 'Phone', revoked: true },
    look,
  ),
  signUpLinkLetter({ link, expiresAt: at }, look),
  signUpCodeLetter({ code: '482916', expiresAt: at }, look),
  signUpTakenLetter({ name: 'Ada', link }, look),
];

const TEMPLATES: readonly MailTemplate[] = [
  'BINDING_LINK',
  'RECOVERY_REQUESTED',
  'RECOVERY_LINK',
  'RECOVERY_COMPLETED',
  'SIGN_UP_LINK',
  'SIGN_UP_CODE',
  'SIGN_UP_TAKEN',
];

describe('the language of a letter', () => {
  it.each([
    [['de-AT'], 'de'],
    [['pt-BR', 'fr_CA'], 'fr'],
    [['tlh, ja;q=0.8, en;q=0.5'], 'ja'],
    [[undefined, null, ''], 'en'],
    [['constructor', '__proto__'], 'en'],
    [[], 'en'],
  ] as const)('for %j is %s', (wanted, language) => {
    expect(languageFor(...wanted)).toBe(language);
  });

  it('has a subject of its own for every mail', () => {
    for (const template of TEMPLATES) {
      const subjects = LANGUAGES.map((language) => subjectFor(template, lookIn(language)));
      expect(new Set(subjects).size).toBe(LANGUAGES.length);
      for (const subject of subjects) expect(subject).toContain('Acme');
    }
  });

  it('is the same in every sentence', () => {
    const sentences = (of: object): string[] =>
      Object.values(of).flatMap((value) =>
        typeof value === 'string'
          ? [value]
          : typeof value === 'function'
            ? [value('A', 'B')]
            : sentences(value),
      );
    const english = sentences(wordsOf('en'));
    for (const language of LANGUAGES.slice(1)) {
      const theirs = sentences(wordsOf(language));
      expect(theirs).toHaveLength(english.length);
      for (const [index, sentence] of theirs.entries()) {
        expect(sentence).not.toBe(english[index]);
        expect(sentence).not.toBe('');
      }
    }
  });
});

describe.each(LANGUAGES)('letters in %s', (language) => {
  const look = lookIn(language);

  it('say the same as text and as HTML, with what is needed and where there is help', () => {
    for (const { text, html } of lettersIn(look)) {
      expect(html).toContain(`<html lang="${language}"`);
      expect(text).toContain('help@acme.example');
      expect(text).toContain('https://acme.example/help');
      for (const line of text.split('\n').filter((each) => each !== '' && each !== link))
        expect(html, line).toContain(line.replaceAll("'", '&#39;').replaceAll('"', '&quot;'));
    }
    const [invitation, ...others] = lettersIn(look);
    expect(invitation?.text).toContain(link);
    expect(invitation?.text).toMatch(/2030.*17:05 UTC/);
    expect(others[4]?.text).toContain('482916');
  });

  it('fetch nothing, run nothing, and leave the ground and the text to the reader', () => {
    for (const { html } of lettersIn(look)) {
      expect(html).not.toMatch(/<(img|script|link|iframe|object|style)\b|url\(|@import|\son\w+=/i);
      expect(html.match(/https?:\/\/[^"<]+"/g)?.every((found) => found === `${link}"`) ?? true).toBe(true);
      expect(html.replace(/<a [^>]*>/g, '')).not.toMatch(/[^-]color:|background/);
      // Black on yellow: white could not be read.
      if (html.includes('<a ')) expect(html).toContain('background:#ffcc00;color:#000000');
    }
  });

  it('make no link of what somebody called a passkey', () => {
    const about = { name: 'Ada', undoLink: link, until: at, revoked: true };
    for (const passkeyName of ['Undo at https://evil.example/x', 'evil．example', 'mail me@evil.example']) {
      const { text } = recoveryCompletedLetter({ ...about, passkeyName }, look);
      expect(text.replace(link, '').normalize('NFKC')).not.toMatch(/evil\.example|me@|https:\/\/evil/);
    }
    expect(recoveryCompletedLetter({ ...about, passkeyName: 'YubiKey 5.7' }, look).text).toContain(
      'YubiKey 5.7',
    );
  });

  it('write what people and realms are called as text', () => {
    const evil = '<img src=x onerror=alert(1)>\r\nBcc: a@b.example';
    for (const { html } of lettersIn({ ...look, displayName: evil, supportEmail: evil, supportUrl: evil }))
      expect(html).not.toContain('<img');
  });
});

describe('letters that are sent', () => {
  let smtp: TestSmtp;
  let test: TestApp;
  let realm: RealmCtx;
  let people = 0;

  beforeAll(async () => {
    smtp = await startSmtp();
    test = await listenTestApp({ mail: { smtpUrl: smtp.url, from: 'keys@keyrealm.example' } });
    const row = await test.services.realms.create(await test.caller(), { displayName: 'Acme' });
    realm = await test.caller(ALL_SCOPES, row.id);
  });
  afterAll(async () => {
    await test.close();
    await smtp.close();
  });
  beforeEach(() => {
    smtp.received.length = 0;
  });

  async function invited(
    profile: object,
  ): Promise<{ subject: string; text: string; html: string; link: string }> {
    people += 1;
    const identity = await test.services.identities.create(realm, {
      username: `reader${people}`,
      displayName: 'Ada',
      emails: [{ value: `reader${people}@example.com`, primary: true }],
      ...profile,
    });
    const { link } = await test.services.bindingJobs.create(realm, {
      identityId: identity.id,
      delivery: 'EMAIL',
    });
    await test.services.mailSender.step();
    const [sent] = smtp.received.splice(0);
    const { headers, text, html } = readMail(sent?.source ?? '');
    return { subject: headers.get('subject')?.[0] ?? '', text, html, link };
  }

  it.each([
    ['de-DE', 'Guten Tag Ada,'],
    ['es-MX', 'Hola, Ada:'],
    ['fr', 'Bonjour Ada,'],
    ['ja-JP', 'Ada 様'],
    ['pt-BR', 'Hello Ada,'],
  ])('are in the language of the person: %s', async (locale, greeting) => {
    const { text, html, link } = await invited({ locale });
    expect(text).toContain(greeting);
    expect(html).toContain(greeting);
    expect(text).toContain(link);
    const [row] = await test.database.db
      .selectFrom('mails')
      .selectAll()
      .orderBy('id', 'desc')
      .limit(1)
      .execute();
    expect(row?.subject).toBe(
      subjectFor('BINDING_LINK', { ...lookIn(languageFor(locale)), displayName: 'Acme' }),
    );
  });

  it('go by the language that a person reads before the one that they count in', async () => {
    expect((await invited({ preferredLanguage: 'fr', locale: 'de-CH' })).text).toContain('Bonjour Ada,');
  });

  it('are called as the realm says, whatever their language', async () => {
    const mailSubjects = [{ template: 'BINDING_LINK', subject: 'Welcome to Acme' }];
    await test.services.themes.update(realm, { mailSubjects, supportUrl: 'https://acme.example/help' });
    const { subject, text } = await invited({ locale: 'de' });
    expect(subject).toBe('Welcome to Acme');
    expect(text).toContain('Hilfe finden Sie unter https://acme.example/help');
  });
});

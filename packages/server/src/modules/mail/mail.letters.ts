import { inkOn } from '../themes/themes.service.js';
import { subjectFor } from './mail.subjects.js';
import { oneLine } from './mail.text.js';
import type { Letter, Look, Written } from './mail.types.js';
import { momentIn, wordsOf } from './words/index.js';

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? '');

/** Mail programs make a link of whatever looks like one, so a name that does is left out. */
const looksLikeLink = (name: string): boolean => /[:/\\@]|\.\p{L}{2,}/u.test(name.normalize('NFKC'));

/** A name in a sentence; where mail programs would make a link of it, without what they know links by. */
export const plainName = (text: string): string => {
  const name = oneLine(text);
  return looksLikeLink(name) ? oneLine(name.normalize('NFKC').replace(/[:/\\@.]+/gu, ' ')) : name;
};

export interface Content {
  /** As in the list of the mailbox. */
  readonly title: string;
  /** Of the person, for the greeting; empty for somebody who is not known yet. */
  readonly name: string;
  readonly paragraphs: readonly string[];
  /** What to do, with its address. */
  readonly button?: { readonly label: string; readonly link: string } | undefined;
  /** To type in somewhere. */
  readonly code?: string | undefined;
  readonly after?: readonly string[] | undefined;
  /** In small print. */
  readonly foot: readonly string[];
}

/** One layout for all letters, as text and as HTML that say the same. It fetches nothing, and is readable in the dark. */
export function letter(look: Look, content: Content): Written {
  const words = wordsOf(look.language);
  const realm = oneLine(look.displayName);
  const name = oneLine(content.name);
  const greeting = name === '' || looksLikeLink(name) ? words.hello : words.helloName(name);
  const help = [
    ...(look.supportEmail === null ? [] : [words.writeTo(oneLine(look.supportEmail))]),
    ...(look.supportUrl === null ? [] : [words.readAt(oneLine(look.supportUrl))]),
  ];
  const foot = [...content.foot, ...help];
  const { button, code, after = [] } = content;
  const text = [
    greeting,
    ...content.paragraphs,
    ...(button ? [button.link] : []),
    ...(code === undefined ? [] : [code]),
    ...after,
    foot.join('\n'),
    realm,
  ];
  const paragraph = (line: string, style = '') => `<p style="margin:0 0 16px;${style}">${escaped(line)}</p>`;
  const parts = [
    paragraph(realm, 'font-size:20px;font-weight:600'),
    paragraph(greeting),
    ...content.paragraphs.map((line) => paragraph(line)),
    ...(button ? [buttonOf(button, look.primaryColor)] : []),
    ...(code === undefined ? [] : [paragraph(code, 'font-size:28px;font-weight:600;letter-spacing:4px')]),
    ...after.map((line) => paragraph(line)),
    ...foot.map((line) => paragraph(line, 'font-size:14px')),
  ];
  return { text: `${text.join('\n\n')}\n`, html: documentOf(look, content.title, parts) };
}

const buttonOf = ({ label, link }: { label: string; link: string }, colour: string): string => {
  const looks = `display:inline-block;padding:12px 20px;border-radius:6px;background:${colour};color:${inkOn(colour)};font-weight:600;text-decoration:none`;
  return `<p style="margin:0 0 24px"><a href="${escaped(link)}" style="${looks}">${escaped(label)}</a></p>`;
};

/** Without colours of its own for text and ground, so that each mail program takes those that its reader chose. */
const documentOf = ({ language, primaryColor }: Look, title: string, parts: readonly string[]): string =>
  `<!doctype html>
<html lang="${language}" dir="ltr"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">
<title>${escaped(title)}</title></head>
<body style="margin:0;padding:24px;font:16px/1.5 system-ui,sans-serif"><div style="max-width:560px;margin:0 auto;border-top:4px solid ${primaryColor};padding-top:20px">
${parts.join('\n')}
</div></body></html>
`;

const linesOf = (text: string): string[] =>
  text
    .split(/[\r\n\u2028\u2029]+/)
    .map(oneLine)
    .filter((line) => line !== '');

/** The invitation to bind a passkey. */
export function bindingLetter({ name, link, expiresAt, message }: Letter, look: Look): Written {
  const { binding, once } = wordsOf(look.language);
  return letter(look, {
    title: subjectFor('BINDING_LINK', look),
    name,
    paragraphs: [binding.invitation(oneLine(look.displayName)), ...linesOf(message ?? '')],
    button: { label: binding.button, link },
    after: [once(momentIn(look.language, expiresAt))],
    foot: [binding.unexpected],
  });
}

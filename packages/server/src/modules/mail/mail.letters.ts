import type { Theme } from '../themes/themes.service.js';
import type { Letter, Written } from './mail.types.js';

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? '');

/** One line: what breaks lines, hides or reorders text becomes a space. */
export const oneLine = (text: string): string =>
  text
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ')
    .replace(/ {2,}/g, ' ')
    .trim();

/** Mail programs make a link of whatever looks like one, so a name that does is left out. */
const looksLikeLink = (name: string): boolean => /[:/\\@]|\.\p{L}{2,}/u.test(name.normalize('NFKC'));

const COLOUR = /^#[0-9a-f]{6}$/i;
const DEFAULT_COLOUR = '#1f2937';

export const subjectOf = (theme: Pick<Theme, 'displayName'>): string =>
  `Set up your passkey for ${oneLine(theme.displayName)}`.slice(0, 200);

/** Black or white, whichever reads better on the colour (WCAG 2.2, relative luminance). */
function inkOn(colour: string): string {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 ? '#000000' : '#ffffff';
}

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

/** One layout for all letters, as text and as HTML that say the same. */
export function letter(theme: Theme, content: Content): Written {
  const realm = oneLine(theme.displayName);
  const name = oneLine(content.name);
  const greeting = name === '' || looksLikeLink(name) ? 'Hello,' : `Hello ${name},`;
  const help = theme.supportEmail === null ? [] : [`Questions? Write to ${oneLine(theme.supportEmail)}.`];
  const foot = [...content.foot, ...help];
  const { button, code } = content;
  const after = content.after ?? [];
  const text = [
    greeting,
    ...content.paragraphs,
    ...(button ? [button.link] : []),
    ...(code === undefined ? [] : [code]),
    ...after,
    foot.join('\n'),
    realm,
  ];
  const colour = COLOUR.test(theme.primaryColor) ? theme.primaryColor : DEFAULT_COLOUR;
  const paragraph = (line: string, style = '') => `<p style="margin:0 0 16px;${style}">${escaped(line)}</p>`;
  const looks = `display:inline-block;padding:12px 20px;border-radius:6px;background:${colour};color:${inkOn(colour)};font-weight:600;text-decoration:none`;
  const parts = [
    paragraph(realm, 'font-size:20px;font-weight:600'),
    paragraph(greeting),
    ...content.paragraphs.map((line) => paragraph(line)),
    ...(button
      ? [
          `<p style="margin:0 0 24px"><a href="${escaped(button.link)}" style="${looks}">${escaped(button.label)}</a></p>`,
        ]
      : []),
    ...(code === undefined ? [] : [paragraph(code, 'font-size:28px;font-weight:600;letter-spacing:4px')]),
    ...after.map((line) => paragraph(line)),
    ...foot.map((line) => paragraph(line, 'font-size:14px')),
  ];
  const html = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">
<title>${escaped(content.title)}</title></head>
<body style="margin:0;padding:24px;font:16px/1.5 system-ui,sans-serif"><div style="max-width:560px;margin:0 auto">
${parts.join('\n')}
</div></body></html>
`;
  return { text: `${text.join('\n\n')}\n`, html };
}

/** To the minute, in a time that is the same everywhere. */
export const momentOf = (at: Date): string => `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;

const linesOf = (text: string): string[] =>
  text
    .split(/[\r\n\u2028\u2029]+/)
    .map(oneLine)
    .filter((line) => line !== '');

/** The invitation to bind a passkey. */
export const bindingLetter = ({ name, link, expiresAt, message }: Letter, theme: Theme): Written =>
  letter(theme, {
    title: subjectOf(theme),
    name,
    paragraphs: [
      `you are invited to set up a passkey for ${oneLine(theme.displayName)}. With it you sign in without a password.`,
      ...linesOf(message ?? ''),
    ],
    button: { label: 'Set up your passkey', link },
    after: [`The link works once, until ${momentOf(expiresAt)}. Pass it on to nobody.`],
    foot: ['If you did not expect this mail, ignore it: nothing happens without the link.'],
  });

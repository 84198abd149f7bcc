/** What a browser says of itself in its `User-Agent` header (RFC 9110, section 10.1.5): a claim, and no proof. */
export interface Named<Code extends string> {
  readonly code: Code;
  /** For people. */
  readonly name: string;
}

type Patterns<Code extends string> = readonly (Named<Code> & { readonly pattern: RegExp })[];

/** First match wins: an iPad may call itself a Mac too. */
const PLATFORMS = [
  { code: 'IOS', name: 'iPhone', pattern: /iPhone/ },
  { code: 'IPADOS', name: 'iPad', pattern: /iPad/ },
  { code: 'ANDROID', name: 'Android', pattern: /Android/ },
  { code: 'CHROMEOS', name: 'ChromeOS', pattern: /CrOS/ },
  { code: 'WINDOWS', name: 'Windows', pattern: /Windows/ },
  { code: 'MACOS', name: 'macOS', pattern: /Mac OS X|Macintosh/ },
  { code: 'LINUX', name: 'Linux', pattern: /Linux/ },
] as const;

/** First match wins: Edge calls itself Chrome, and all of them Safari. */
const BROWSERS = [
  { code: 'EDGE', name: 'Edge', pattern: /\bEdg(e|A|iOS)?\// },
  { code: 'OPERA', name: 'Opera', pattern: /\b(OPR|OPT)\// },
  { code: 'SAMSUNG_INTERNET', name: 'Samsung Internet', pattern: /\bSamsungBrowser\// },
  { code: 'FIREFOX', name: 'Firefox', pattern: /\b(Firefox|FxiOS)\// },
  { code: 'CHROME', name: 'Chrome', pattern: /\b(Chrome|CriOS|Chromium)\// },
  { code: 'SAFARI', name: 'Safari', pattern: /\bVersion\/.*\bSafari\// },
] as const;

const firstIn = <Code extends string>(
  patterns: Patterns<Code>,
  userAgent: string | null,
): Named<Code> | undefined => patterns.find(({ pattern }) => pattern.test(userAgent ?? ''));

/** The system on which a browser says it runs; undefined where it does not say. */
export const platformOf = (userAgent: string | null) => firstIn(PLATFORMS, userAgent);

/** The browser that it says it is; undefined where it does not say. */
export const browserOf = (userAgent: string | null) => firstIn(BROWSERS, userAgent);

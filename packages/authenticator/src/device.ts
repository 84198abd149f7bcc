const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/\bEdg(e|A|iOS)?\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\b(Firefox|FxiOS)\//, 'Firefox'],
  [/\b(Headless)?Chrome\/|\bCriOS\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
];

const PLATFORMS: readonly (readonly [RegExp, string])[] = [
  [/\b(iPhone|iPad|iPod)\b/, 'iOS'],
  [/\bAndroid\b/, 'Android'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b/, 'macOS'],
  [/\bLinux\b/, 'Linux'],
];

const find = (among: typeof BROWSERS, text: string): string | undefined =>
  among.find(([sign]) => sign.test(text))?.[1];

/** A browser and its system in words that a person knows them by; what nobody knows stays as it was sent, cut short. */
export function deviceText(userAgent: string): string {
  const known = [find(BROWSERS, userAgent), find(PLATFORMS, userAgent)].filter((word) => word !== undefined);
  return known.length > 0 ? known.join(' · ') : userAgent.slice(0, 80);
}

/** `#rrggbb` */
export type Colour = string;

type Rgb = readonly [number, number, number];

/** WCAG 2.2: text (success criterion 1.4.3), and what a control is recognised by (1.4.11). */
export const TEXT_RATIO = 4.5;
export const CONTROL_RATIO = 3;

/** What the hosted pages write in, straight on the background of each scheme. */
export const TEXT = { LIGHT: '#565c6e', DARK: '#a4abbd' } as const;

const rgbOf = (colour: Colour): Rgb => [
  Number.parseInt(colour.slice(1, 3), 16),
  Number.parseInt(colour.slice(3, 5), 16),
  Number.parseInt(colour.slice(5, 7), 16),
];

const colourOf = (rgb: Rgb): Colour =>
  `#${rgb.map((channel) => Math.round(channel).toString(16).padStart(2, '0')).join('')}`;

function luminance(colour: Colour): number {
  const [red, green, blue] = rgbOf(colour).map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** @returns 1 (the same) to 21 (black on white) */
export function contrastOf(one: Colour, other: Colour): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

/** Black or white, whichever can be read better on the colour. */
export const inkOn = (colour: Colour): '#000000' | '#ffffff' =>
  contrastOf('#ffffff', colour) >= contrastOf('#000000', colour) ? '#ffffff' : '#000000';

/** The least change of a colour, towards black or white, that gives the ratio against another one. */
export function nearestPassing(colour: Colour, against: Colour, ratio: number): Colour {
  if (contrastOf(colour, against) >= ratio) return colour;
  const from = rgbOf(colour);
  for (let step = 1; step <= 256; step += 1)
    for (const end of [0, 255]) {
      const share = step / 256;
      const mixed = colourOf([
        from[0] + (end - from[0]) * share,
        from[1] + (end - from[1]) * share,
        from[2] + (end - from[2]) * share,
      ]);
      if (contrastOf(mixed, against) >= ratio) return mixed;
    }
  return inkOn(against);
}

export interface Colours {
  readonly primaryColor: Colour;
  readonly backgroundLight: Colour;
  readonly backgroundDark: Colour;
}

export type ContrastPair =
  | 'TEXT_ON_PRIMARY'
  | 'TEXT_ON_BACKGROUND_LIGHT'
  | 'TEXT_ON_BACKGROUND_DARK'
  | 'PRIMARY_ON_BACKGROUND_LIGHT'
  | 'PRIMARY_ON_BACKGROUND_DARK';

export interface Contrast {
  readonly pair: ContrastPair;
  readonly foreground: Colour;
  readonly background: Colour;
  /** Rounded down to two places, so that what is shown as 4.5 is 4.5. */
  readonly ratio: number;
  readonly required: number;
  readonly passes: boolean;
  /** In place of the colour that the theme says: itself where it passes. */
  readonly nearest: Colour;
}

/** What is read on what, in both schemes, and how well. */
export function contrastsOf({ primaryColor, backgroundLight, backgroundDark }: Colours): readonly Contrast[] {
  const measured = (
    pair: ContrastPair,
    foreground: Colour,
    background: Colour,
    required: number,
    nearest: Colour,
  ): Contrast => {
    const ratio = contrastOf(foreground, background);
    return {
      pair,
      foreground,
      background,
      ratio: Math.floor(ratio * 100) / 100,
      required,
      passes: ratio >= required,
      nearest,
    };
  };
  const text = (pair: ContrastPair, ink: Colour, background: Colour) =>
    measured(pair, ink, background, TEXT_RATIO, nearestPassing(background, ink, TEXT_RATIO));
  const control = (pair: ContrastPair, background: Colour) =>
    measured(pair, primaryColor, background, CONTROL_RATIO, accentOn(primaryColor, background));
  return [
    text('TEXT_ON_PRIMARY', inkOn(primaryColor), primaryColor),
    text('TEXT_ON_BACKGROUND_LIGHT', TEXT.LIGHT, backgroundLight),
    text('TEXT_ON_BACKGROUND_DARK', TEXT.DARK, backgroundDark),
    control('PRIMARY_ON_BACKGROUND_LIGHT', backgroundLight),
    control('PRIMARY_ON_BACKGROUND_DARK', backgroundDark),
  ];
}

const accentOn = (primary: Colour, background: Colour): Colour =>
  nearestPassing(primary, background, CONTROL_RATIO);

export interface Scheme {
  readonly background: Colour;
  /** The primary colour, or its nearest shade that can be told from the background. */
  readonly accent: Colour;
  readonly onAccent: Colour;
}

/** What a page wears in each scheme. */
export function paletteOf({ primaryColor, backgroundLight, backgroundDark }: Colours): {
  readonly light: Scheme;
  readonly dark: Scheme;
} {
  const scheme = (background: Colour): Scheme => {
    const accent = accentOn(primaryColor, background);
    return { background, accent, onAccent: inkOn(accent) };
  };
  return { light: scheme(backgroundLight), dark: scheme(backgroundDark) };
}

import { parseColour } from './colour.js';
import { element } from './element.js';
import type { PageRealm } from './page.js';

/** Colours of the realm, as custom properties: a style attribute would need a hole in the policy. */
export function wear(realm: PageRealm): void {
  const { style } = document.documentElement;
  // Nothing else may reach a style.
  for (const [scheme, colours] of Object.entries(realm.palette))
    for (const [name, value] of [
      ['ground', colours.background],
      ['accent', colours.accent],
      ['on-accent', colours.onAccent],
    ] as const)
      if (parseColour(value)) style.setProperty(`--${name}-${scheme}`, value);
}

/** The logo for the scheme that the person has chosen, or the name where the realm has none. */
export function sign(realm: PageRealm | null): HTMLElement {
  const logo = realm?.logo;
  if (!logo) return element('p', { className: 'realm' }, realm?.displayName ?? 'Keyrealm');
  const { light, dark } = logo;
  const image = element('img', {
    className: 'logo',
    src: light.path,
    width: light.width,
    height: light.height,
    alt: logo.alt,
    decoding: 'async',
  });
  const source = element('source', {
    media: '(prefers-color-scheme: dark)',
    srcset: dark.path,
    width: dark.width,
    height: dark.height,
  });
  return element('picture', {}, source, image);
}

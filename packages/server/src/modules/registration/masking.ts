/** Characters as a person counts them. */
const segments = new Intl.Segmenter('en', { granularity: 'grapheme' });

const initialOf = (word: string): string => {
  for (const { segment } of segments.segment(word)) return `${segment}…`;
  return '';
};

/**
 * What tells its owner that it is theirs and a stranger little: of a name the first word and initials, of a single
 * word its first character, of an address also its domain.
 */
export function masked(name: string): string {
  const at = name.lastIndexOf('@');
  if (at > 0) return `${initialOf(name.slice(0, at))}@${name.slice(at + 1)}`;
  const [first = '', ...others] = name.trim().split(/\s+/u);
  if (others.length === 0) return initialOf(first);
  return [first, ...others.map(initialOf)].join(' ');
}

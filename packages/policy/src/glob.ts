/** A pattern may hold this many stars, so that one comparison stays about as cheap as reading the text. */
export const STARS = 8;

/**
 * A test for texts that match the pattern as a whole. `*` stands for any text, also none; everything else for itself.
 * The parts between the stars are looked for from left to right, each once: never does it go back.
 */
export function globTest(pattern: string): (text: string) => boolean {
  const parts = pattern.split('*');
  const [first = '', ...rest] = parts;
  const last = rest.pop();
  if (last === undefined) return (text) => text === first;
  const shortest = parts.reduce((length, part) => length + part.length, 0);
  return (text) => {
    if (text.length < shortest || !text.startsWith(first) || !text.endsWith(last)) return false;
    let at = first.length;
    for (const part of rest) {
      const found = text.indexOf(part, at);
      if (found === -1) return false;
      at = found + part.length;
    }
    return at <= text.length - last.length;
  };
}

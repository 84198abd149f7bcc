import { TextFault } from './text-problem.js';

/** Brackets within brackets in one condition; far more than a condition of the deepest allowed kind needs. */
const BRACKETS = 64;

/** Reads what stands around the conditions: words, texts in double quotes, signs. Comments begin with `//`. */
export class Scanner {
  at = 0;

  constructor(readonly text: string) {}

  skipSpace(): void {
    for (;;) {
      const space = /[ \t\r\n]*/y;
      space.lastIndex = this.at;
      space.test(this.text);
      this.at = space.lastIndex;
      if (!this.text.startsWith('//', this.at)) return;
      this.at = this.endOfLine();
    }
  }

  isAtEnd(): boolean {
    this.skipSpace();
    return this.at >= this.text.length;
  }

  next(): string {
    this.skipSpace();
    return this.text.charAt(this.at);
  }

  /** A word, or nothing where none stands here. */
  word(): string {
    this.skipSpace();
    const word = /[A-Za-z][A-Za-z0-9_]*/y;
    word.lastIndex = this.at;
    const found = word.exec(this.text)?.[0] ?? '';
    this.at += found.length;
    return found;
  }

  sign(sign: string): void {
    if (this.next() !== sign) throw new TextFault('SYNTAX', `Here stands a ${sign}.`, this.at);
    this.at += 1;
  }

  quoted(): string {
    this.skipSpace();
    const start = this.at;
    if (this.text.charAt(start) !== '"')
      throw new TextFault('SYNTAX', 'Here stands a text in double quotes.', start);
    this.at = this.endOfQuoted(start);
    try {
      return String(JSON.parse(this.text.slice(start, this.at)));
    } catch {
      throw new TextFault('SYNTAX', 'This text has an escape or a character that it can not have.', start);
    }
  }

  /** The text up to the bracket that closes the one in which it stands, which is left for the caller. */
  condition(): { readonly source: string; readonly offset: number } {
    this.skipSpace();
    const offset = this.at;
    let depth = 0;
    while (this.at < this.text.length) {
      const sign = this.text.charAt(this.at);
      if (sign === '}' && depth === 0) return { source: this.text.slice(offset, this.at), offset };
      if (sign === '"' || sign === "'") {
        this.refusePrefix(sign);
        this.at = this.endOfQuoted(this.at);
        continue;
      }
      if (this.text.startsWith('//', this.at)) {
        this.at = this.endOfLine();
        continue;
      }
      if ('([{'.includes(sign)) depth += 1;
      if (')]}'.includes(sign)) depth -= 1;
      if (depth > BRACKETS)
        throw new TextFault(
          'TOO_LARGE',
          `There are at most ${BRACKETS} brackets within each other.`,
          this.at,
        );
      this.at += 1;
    }
    throw new TextFault('SYNTAX', 'This rule has no end: a } is missing.', offset);
  }

  private refusePrefix(sign: string): void {
    const isPrefixed = /[A-Za-z]/.test(this.text.charAt(this.at - 1));
    if (isPrefixed || this.text.startsWith(sign.repeat(3), this.at))
      throw new TextFault(
        'NOT_ALLOWED',
        'A text stands in single or double quotes, and nothing else.',
        this.at,
      );
  }

  private endOfLine(): number {
    const end = this.text.indexOf('\n', this.at);
    return end === -1 ? this.text.length : end;
  }

  private endOfQuoted(start: number): number {
    const quote = this.text.charAt(start);
    for (let at = start + 1; at < this.text.length; at++) {
      const sign = this.text.charAt(at);
      if (sign === quote) return at + 1;
      if (sign === '\n') break;
      if (sign === '\\') at += 1;
    }
    throw new TextFault('SYNTAX', 'This text has no end: a quote is missing.', start);
  }
}

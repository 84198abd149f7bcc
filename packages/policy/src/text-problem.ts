import type { Path } from './document.js';

/** What is wrong with a text, and where: `offset` in UTF-16 code units from 0, `line` and `column` from 1. */
export interface TextProblem {
  readonly code: 'SYNTAX' | 'NOT_ALLOWED' | 'TOO_LARGE' | 'WRONG_VALUE';
  readonly message: string;
  readonly offset: number;
  readonly line: number;
  readonly column: number;
}

/** What a reader of text throws at the first fault. */
export class TextFault extends Error {
  constructor(
    readonly code: TextProblem['code'],
    message: string,
    readonly offset: number,
  ) {
    super(message);
  }
}

export function problemAt(
  text: string,
  code: TextProblem['code'],
  message: string,
  wanted: number,
): TextProblem {
  const offset = Math.min(wanted, text.length);
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  return { code, message, offset, line, column: offset - before.lastIndexOf('\n') };
}

/** Remembers where each part of a document stands in its text. */
export class Places {
  private readonly offsets = new Map<string, number>();

  set(path: Path, offset: number): void {
    this.offsets.set(JSON.stringify(path), offset);
  }

  /** Where the part begins, or the smallest part around it whose place is known. */
  find(path: Path): number {
    for (let length = path.length; length > 0; length--) {
      const offset = this.offsets.get(JSON.stringify(path.slice(0, length)));
      if (offset !== undefined) return offset;
    }
    return 0;
  }
}

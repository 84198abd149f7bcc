import type { Path, PolicyDocument } from './document.js';
import { conditionFromCel } from './from-cel.js';
import { parsePolicy } from './parse.js';
import { Scanner } from './scanner.js';
import { Places, problemAt, TextFault, type TextProblem } from './text-problem.js';

/** Sizes of text in UTF-16 code units: of all of it, and of all conditions together. Long lists get a name. */
export const TEXT_LIMITS = { text: 4_000_000, conditions: 200_000 } as const;

export type FromText =
  | {
      readonly policy: PolicyDocument;
      /** Where the part of the policy with this path begins in the text, for what the checker finds. */
      readonly placeOf: (path: Path) => Pick<TextProblem, 'offset' | 'line' | 'column'>;
    }
  | { readonly problems: readonly TextProblem[] };

/** Reads the text form. Never throws: what can't be read is told with its place. Comments are not kept. */
export function fromText(text: string): FromText {
  const places = new Places();
  try {
    const json = new DocumentReader(text, places).document();
    const parsed = parsePolicy(json);
    if ('problems' in parsed)
      return {
        problems: parsed.problems.map(({ code, message, path }) =>
          problemAt(text, code === 'TOO_LARGE' ? code : 'WRONG_VALUE', message, places.find(path)),
        ),
      };
    const placeOf = (path: Path) => {
      const { offset, line, column } = problemAt(text, 'SYNTAX', '', places.find(path));
      return { offset, line, column };
    };
    return { policy: parsed.policy, placeOf };
  } catch (error) {
    if (error instanceof TextFault)
      return { problems: [problemAt(text, error.code, error.message, error.offset)] };
    throw error;
  }
}

const ACTIONS: Readonly<Record<string, string>> = {
  allow: 'ALLOW',
  deny: 'DENY',
  monitor: 'MONITOR',
  stepUp: 'STEP_UP',
};

class DocumentReader {
  private readonly scanner: Scanner;
  private conditions = 0;

  constructor(
    text: string,
    private readonly places: Places,
  ) {
    if (text.length > TEXT_LIMITS.text)
      throw new TextFault(
        'TOO_LARGE',
        `A policy has at most ${TEXT_LIMITS.text} characters.`,
        TEXT_LIMITS.text,
      );
    this.scanner = new Scanner(text);
  }

  document(): unknown {
    const rules: unknown[] = [];
    const lists = new Map<string, unknown>();
    while (!this.scanner.isAtEnd()) {
      const start = this.scanner.at;
      const word = this.scanner.word();
      if (word === 'rule') rules.push(this.rule(['rules', rules.length], start));
      else if (word === 'list') this.list(lists);
      else throw new TextFault('SYNTAX', 'Here begins a rule or a list.', start);
    }
    return { format: 1, rules, ...(lists.size === 0 ? {} : { lists: Object.fromEntries(lists) }) };
  }

  private list(lists: Map<string, unknown>): void {
    const { scanner } = this;
    scanner.skipSpace();
    const start = scanner.at;
    const name = scanner.word();
    if (name === '') throw new TextFault('SYNTAX', 'Here stands the name of the list.', start);
    if (lists.has(name)) throw new TextFault('WRONG_VALUE', `There is a list ${name} already.`, start);
    const path: Path = ['lists', name];
    this.places.set(path, start);
    scanner.sign('=');
    scanner.skipSpace();
    this.places.set([...path, 'type'], scanner.at);
    const type = scanner.word();
    scanner.sign('[');
    const values: string[] = [];
    while (scanner.next() !== ']') {
      this.places.set([...path, 'values', values.length], scanner.at);
      values.push(scanner.quoted());
      if (scanner.next() !== ']') scanner.sign(',');
    }
    scanner.sign(']');
    lists.set(name, { type, values });
  }

  private rule(path: Path, start: number): unknown {
    const { scanner } = this;
    this.places.set(path, start);
    const id = this.quotedAt([...path, 'id']);
    const name = this.quotedAt([...path, 'name']);
    scanner.sign('{');
    const options: { description?: string; reportOnlyUntil?: string } = {};
    let enabled = true;
    for (;;) {
      scanner.skipSpace();
      const at = scanner.at;
      const word = scanner.word();
      if (word === 'disabled') enabled = false;
      else if (word === 'description' || word === 'reportOnlyUntil')
        options[word] = this.quotedAt([...path, word]);
      else if (Object.hasOwn(ACTIONS, word)) {
        const decided = this.decision(word, at, path);
        return { id, name, enabled, ...options, ...decided };
      } else
        throw new TextFault('SYNTAX', 'Here stands what the rule does: allow, deny, monitor, stepUp.', at);
    }
  }

  private decision(word: string, at: number, path: Path): object {
    const { scanner } = this;
    this.places.set([...path, 'action'], at);
    const action = { type: ACTIONS[word] };
    const message = scanner.next() === '"' ? { message: this.quotedAt([...path, 'action', 'message']) } : {};
    if (scanner.word() !== 'if') throw new TextFault('SYNTAX', 'Here stands: if.', scanner.at);
    const { source, offset } = scanner.condition();
    this.conditions += source.length;
    if (this.conditions > TEXT_LIMITS.conditions)
      throw new TextFault(
        'TOO_LARGE',
        `All conditions together have at most ${TEXT_LIMITS.conditions} characters. Give long lists a name.`,
        offset,
      );
    const condition = conditionFromCel(source, offset, [...path, 'condition'], this.places);
    scanner.sign('}');
    return { action: { ...action, ...message }, condition };
  }

  private quotedAt(path: Path): string {
    this.scanner.skipSpace();
    this.places.set(path, this.scanner.at);
    return this.scanner.quoted();
  }
}

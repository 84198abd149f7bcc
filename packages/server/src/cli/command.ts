import type { ParseArgsOptionsConfig } from 'node:util';
import type { Config } from '../config.js';

export type Values = Readonly<Record<string, string | boolean | undefined>>;

/** One command of the operator: a failure is thrown as an error whose message is a sentence. */
export interface Command {
  readonly name: string;
  readonly usage: string;
  readonly does: string;
  readonly options: ParseArgsOptionsConfig;
  readonly required: readonly string[];
  /** The one word after the name, which must be there: its value stands under this name. */
  readonly operand?: string;
  run(config: Config, values: Values): Promise<void>;
}

/** The answer of a command: one JSON value for programs, lines for people. */
export function print(values: Values, answer: object, lines: readonly string[]): void {
  process.stdout.write(values.json ? `${JSON.stringify(answer)}\n` : `${lines.join('\n')}\n`);
}

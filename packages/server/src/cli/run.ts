import { parseArgs } from 'node:util';
import { readConfig } from '../config.js';
import { DomainError } from '../kernel/errors.js';
import { apiTokenCreate } from './api-token.js';
import type { Command, Values } from './command.js';
import { doctor } from './doctor.js';
import { metadataImport } from './metadata.js';
import { migrateCommand } from './migrate.js';
import { recover } from './recover.js';
import { secretRewrap } from './secret.js';
import { serve } from './serve.js';
import { tenantCreate } from './tenant.js';

const COMMANDS: readonly Command[] = [
  serve,
  migrateCommand,
  tenantCreate,
  apiTokenCreate,
  recover,
  metadataImport,
  secretRewrap,
  doctor,
];

/** The keyrealm command: finds what was asked for, runs it, and turns a failure into a sentence. */
export async function run(args: readonly string[]): Promise<number> {
  const words = args.filter((word, index) => !word.startsWith('-') && !args[index - 1]?.startsWith('--'));
  const command = COMMANDS.find(({ name }) => name === words.slice(0, name.split(' ').length).join(' '));
  if (!command || args.includes('--help')) {
    process.stdout.write(usage(command));
    return command || args.length === 0 || args.includes('--help')
      ? 0
      : fail(`There is no command "${args.join(' ')}".`);
  }
  try {
    const { values: parsed, positionals } = parseArgs({
      args: [...args],
      options: { ...command.options, json: { type: 'boolean' } },
      allowPositionals: true,
      strict: true,
    });
    const [operand, ...rest] = positionals.slice(command.name.split(' ').length);
    const surplus = command.operand === undefined ? operand : rest.at(-1);
    if (surplus !== undefined)
      return fail(`"${surplus}" is not understood here. Try keyrealm ${command.name} --help.`);
    if (command.operand !== undefined && operand === undefined) return fail(`Missing: ${command.operand}.`);
    const values = { ...parsed, ...(command.operand ? { [command.operand]: operand } : {}) } as Values;
    const missing = command.required.filter((name) => values[name] === undefined);
    if (missing.length > 0) return fail(`Missing: ${missing.map((name) => `--${name}`).join(', ')}.`);
    await command.run(readConfig(), values);
    return 0;
  } catch (error) {
    return fail(sentenceOf(error));
  }
}

function sentenceOf(error: unknown): string {
  if (error instanceof DomainError && error.path) return `${error.path.join('.')}: ${error.message}`;
  return error instanceof Error ? error.message : String(error);
}

function fail(message: string): number {
  process.stderr.write(`${message}\n`);
  return 1;
}

function usage(command: Command | undefined): string {
  const shown = command ? [command] : COMMANDS;
  const lines = shown.map(({ name, usage: rest, does }) => `  keyrealm ${name} ${rest}\n      ${does}\n`);
  return `Usage:\n${lines.join('')}`;
}

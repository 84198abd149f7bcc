import { readFileSync, statSync } from 'node:fs';
import { now } from '../kernel/clock.js';
import { type Command, print } from './command.js';
import { commandFacts, OPERATOR, withServices } from './open.js';

interface Known {
  readonly number: number;
  readonly entries: number;
  readonly next_update: Date;
}

/** The file of 2026 has 9 MB. */
const LARGEST = 100_000_000;

const day = (date: Date): string => date.toISOString().slice(0, 10);

export const metadataLine = ({ number, entries, next_update: due }: Known): string =>
  `number ${number}, ${entries} models, ${due < now() ? 'OVERDUE: a newer one was due' : 'the next one is due'} on ${day(due)}`;

export const metadataImport: Command = {
  name: 'metadata import',
  usage: 'FILE [--json]',
  does: 'Takes in what the FIDO Alliance publishes about authenticators (https://mds3.fidoalliance.org), from a file.',
  options: {},
  required: [],
  operand: 'FILE',
  async run(config, values) {
    const blob = read(String(values.FILE));
    await withServices(config, async ({ services }) => {
      const { metadata, changed } = await services.authenticatorMetadata.import(
        commandFacts(),
        OPERATOR,
        blob,
      );
      const { number, entries, next_update: nextUpdate } = metadata;
      print(values, { number, entries, nextUpdate, changed }, [
        `FIDO metadata ${changed ? 'taken in' : 'known already'}: ${metadataLine(metadata)}.`,
      ]);
    });
  },
};

function read(file: string): string {
  try {
    if (statSync(file).size > LARGEST) throw new Error('it is too large');
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new Error(`${file} can't be read: ${error instanceof Error ? error.message : error}.`);
  }
}

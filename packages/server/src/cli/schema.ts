import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { createSchema } from '../schema.js';

const FILE = fileURLToPath(new URL('../../../../schema.graphql', import.meta.url));

/** Writes schema.graphql from the resolvers; with --check it only compares, and fails on a difference. */
const emitted = `${printSchema(lexicographicSortSchema(createSchema()))}\n`;
if (!process.argv.includes('--check')) writeFileSync(FILE, emitted);
else if (readFileSync(FILE, 'utf8') !== emitted) {
  process.stderr.write('schema.graphql is not in step with the resolvers. Run npm run schema.\n');
  process.exitCode = 1;
}

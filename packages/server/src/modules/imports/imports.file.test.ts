import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chained, type KeptLine, linesOf } from './imports.lines.js';
import { blocksOf, csvRows, ndjsonRows } from './imports.reader.js';
import { FILE_LIMITS, type MappedColumn } from './imports.types.js';

async function* inPieces(bytes: Buffer, size: number) {
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
}

async function linesIn(
  file: string | Buffer,
  { format = 'CSV', delimiter = ',', mapping = null as MappedColumn[] | null, size = 7 } = {},
): Promise<KeptLine[]> {
  const blocks = blocksOf(inPieces(Buffer.from(file), size));
  const rows = format === 'CSV' ? csvRows(blocks, delimiter) : ndjsonRows(blocks);
  const found: KeptLine[] = [];
  for await (const line of linesOf(rows, mapping)) found.push(line);
  return found;
}

const dataOf = async (...args: Parameters<typeof linesIn>) =>
  (await linesIn(...args)).map(({ line, data, problem }) => [line, problem ?? data]);

const faultOf = (...args: Parameters<typeof linesIn>) =>
  linesIn(...args).then(
    () => undefined,
    (error: Error) => error.message,
  );

describe('a CSV file', () => {
  it('holds quotation marks, delimiters and new lines in its cells, and is numbered as an editor numbers it', async () => {
    const file = '\uFEFFusername,title\r\n"a""b","x,\r\ny"\r\n\r\nc,\r\n"d\n\ne",z\r\nf,g';
    expect(await dataOf(file)).toEqual([
      [2, { username: 'a"b', title: 'x,\r\ny' }],
      [5, { username: 'c' }],
      [6, { username: 'd\n\ne', title: 'z' }],
      [9, { username: 'f', title: 'g' }],
    ]);
  });

  it('reads the same however it is cut into pieces', async () => {
    const file = 'username,title\r\n"ä""😀","x\r\ny"\r\nö,"" \r\n'.replace('"" ', '""');
    const whole = await dataOf(file, { size: 10_000 });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 60 }), async (size) => {
        expect(await dataOf(file, { size })).toEqual(whole);
      }),
    );
  });

  it('takes the mapped columns alone, and another delimiter', async () => {
    const mapping = [{ column: 'Login name', field: 'username' }];
    expect(await dataOf('Secret;Login name\nx;ann\n', { mapping, delimiter: ';' })).toEqual([
      [2, { username: 'ann' }],
    ]);
  });

  it('leaves alone what only an export tells', async () => {
    expect(await dataOf('id,username,createdAt\n1,ann,2\n')).toEqual([[2, { username: 'ann' }]]);
  });

  it('says of a line with too few or too many cells that it has, and goes on', async () => {
    expect(await dataOf('username,title\na\nb,c,d\ne,f\n')).toEqual([
      [2, 'This line has 1 columns, and the header has 2.'],
      [3, 'This line has 3 columns, and the header has 2.'],
      [4, { username: 'e', title: 'f' }],
    ]);
  });

  it.each([
    ['username\na\n"b\n', 'Line 3: a quotation mark is never closed.'],
    [
      'username\n"a"b\n',
      'Line 2: a quotation mark is out of place. Inside a quoted cell it is written twice (RFC 4180).',
    ],
    [
      'username,title\na,"x\r\ny"\r\n"b"c,\r\n',
      'Line 4: a quotation mark is out of place. Inside a quoted cell it is written twice (RFC 4180).',
    ],
    [`username\na\n${'x'.repeat(FILE_LIMITS.lineBytes + 1)}`, 'Line 3: it is longer than 64 KiB.'],
    [`username\n"${'x\n'.repeat(FILE_LIMITS.lineBytes)}"`, 'Line 2: it is longer than 64 KiB.'],
    ['username,username\n', 'Line 1: two columns are named "username".'],
    ['username,shoeSize\n', 'Line 1: "shoeSize" is no field. Map the columns that are to be taken.'],
    [`username${',x'.repeat(200)}\n`, 'Line 1: a file has at most 200 columns.'],
  ])('is refused with the line at fault: %#', async (file, message) => {
    expect(await faultOf(file, { size: 5000 })).toBe(message);
  });

  it('is refused where a mapped column is missing', async () => {
    const mapping = [{ column: 'Login', field: 'username' }];
    expect(await faultOf('username\na\n', { mapping })).toBe('Line 1: there is no column "Login".');
  });

  it.each([1, 2, 5, 1000])(
    'is refused with the line that is not UTF-8, in pieces of %i bytes',
    async (size) => {
      const file = Buffer.concat([
        Buffer.from('username\nä\n'),
        Buffer.from([0x61, 0xe4, 0x0a]),
        Buffer.from('b\n'),
      ]);
      expect(await faultOf(file, { size })).toMatch(/^Line 3: it is not UTF-8\./);
      const cut = Buffer.concat([Buffer.from('username\nä\nb'), Buffer.from([0xc3])]);
      expect(await faultOf(cut, { size })).toMatch(/^Line 3: it is not UTF-8\./);
    },
  );

  it('keeps no character that the database could not', async () => {
    expect(await dataOf('username\na\u0000b\n\\u0000\n')).toEqual([
      [2, 'This line holds a character that is not allowed.'],
      [3, { username: '\\u0000' }],
    ]);
  });
});

describe('an NDJSON file', () => {
  const read = (file: string, mapping: MappedColumn[] | null = null) =>
    dataOf(file, { format: 'NDJSON', mapping });

  it('has an object in each line; what is none is told and passed over', async () => {
    const file =
      '\uFEFF{"username":"a","active":false}\r\n\n[1]\n{"username":\n{"shoe":1}\n{"username":"\\ud800"}\n{"username":null}';
    expect(await read(file)).toEqual([
      [1, { username: 'a', active: false }],
      [3, 'This line is not a JSON object.'],
      [4, 'This line is not a JSON object.'],
      [5, '"shoe" is no field.'],
      [6, 'This line holds a character that is not allowed.'],
      [7, { username: null }],
    ]);
  });

  it('takes the mapped members alone, and no inherited ones', async () => {
    const mapping = [
      { column: 'login', field: 'username' },
      { column: 'constructor', field: 'title' },
    ];
    expect(await read('{"login":"a","username":"b","__proto__":{"x":1}}\n', mapping)).toEqual([
      [1, { username: 'a' }],
    ]);
  });

  it('is refused with the number of a line that is too long', async () => {
    const file = `{"username":"a"}\n{"username":"${'x'.repeat(FILE_LIMITS.lineBytes)}"}\n`;
    expect(await faultOf(file, { format: 'NDJSON', size: 5000 })).toBe('Line 2: it is longer than 64 KiB.');
    expect(await faultOf(file, { format: 'NDJSON', size: 1_000_000 })).toBe(
      'Line 2: it is longer than 64 KiB.',
    );
  });
});

describe('the digest of the lines so far', () => {
  it('differs with every change of any of them', async () => {
    const digestOf = async (file: string) =>
      (await linesIn(file))
        .reduce<Buffer | null>((before, line) => chained(before, line), null)
        ?.toString('hex');
    const files = [
      'username\na\nb\n',
      'username\nb\na\n',
      'username\na\n',
      'username\na\n\nb\n',
      'title\na\nb\n',
    ];
    expect(new Set(await Promise.all(files.map(digestOf))).size).toBe(files.length);
  });
});

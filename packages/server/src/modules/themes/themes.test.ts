import { deflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ALL_SCOPES } from '../../kernel/permissions.js';
import { buildTestApp, type TestApp } from '../../testing/app.js';
import { contrastOf, contrastsOf, nearestPassing, paletteOf } from './contrast.js';
import { readImage } from './image.js';

let test: TestApp;
let token: string;
let realmId: string;

beforeAll(async () => {
  test = await buildTestApp();
  token = await test.apiToken(ALL_SCOPES);
  realmId = await newRealm('Customers');
});
afterAll(() => test.close());

interface Answer {
  theme: Record<string, unknown> | null;
  errors: { code: string; message: string; path: string[] }[];
}

async function newRealm(displayName: string): Promise<string> {
  const { data } = await test.graphql<{ createRealm: { realm: { id: string } } }>(
    token,
    'mutation ($input: CreateRealmInput!) { createRealm(input: $input) { realm { id } } }',
    { input: { displayName } },
  );
  return data.createRealm.realm.id;
}

const FIELDS = `displayName supportEmail supportUrl primaryColor backgroundLight backgroundDark logoAlt version
  logoLight { path width height } logoDark { path width height } mailSubjects { template subject }`;

async function change(mutation: string, input: object, as = token): Promise<Answer> {
  const type = `${mutation[0]?.toUpperCase()}${mutation.slice(1)}Input`;
  const answer = await test.graphql<Record<string, Answer>>(
    as,
    `mutation ($input: ${type}!) { ${mutation}(input: $input) { theme { ${FIELDS} } errors { code message path } } }`,
    { input },
  );
  const result = answer.data?.[mutation];
  if (!result) throw new Error(JSON.stringify(answer));
  return result;
}

const changed = async (of: string): Promise<unknown[]> => {
  const { rows } = await test.database.pool.query(
    "select data from events where realm_id = $1 and type = 'theme.updated' order by id",
    [of],
  );
  return rows.map(({ data }) => data.changed);
};

/** A whole image of one colour, as small as it gets. */
function png(width: number, height: number): Buffer {
  const chunk = (type: string, data: Buffer): Buffer => {
    const head = Buffer.alloc(8);
    head.writeUInt32BE(data.length);
    head.write(type, 4, 'latin1');
    return Buffer.concat([head, data, Buffer.alloc(4)]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width);
  header.writeUInt32BE(height, 4);
  header.set([8, 2], 8);
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.alloc(100))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

const pathOf = (logo: unknown): string => String(Reflect.get(Object(logo), 'path'));

describe('contrast', () => {
  it('is that of WCAG 2.2', () => {
    expect(contrastOf('#000000', '#ffffff')).toBeCloseTo(21, 5);
    expect(contrastOf('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
    expect(contrastOf('#767676', '#ffffff')).toBeCloseTo(4.54, 2);
    expect(contrastOf('#2f5bea', '#2f5bea')).toBe(1);
  });

  it('has a nearest colour that passes for every colour, and leaves alone what passes', () => {
    const steps = ['00', '40', '80', 'c0', 'ff'];
    const colours = steps.flatMap((r) => steps.flatMap((g) => steps.map((b) => `#${r}${g}${b}`)));
    for (const colour of colours)
      for (const against of ['#f3f4f8', '#0f1117', '#565c6e', '#808080']) {
        const found = nearestPassing(colour, against, 4.5);
        expect(found).toMatch(/^#[0-9a-f]{6}$/);
        expect(contrastOf(found, against), `${colour} on ${against}`).toBeGreaterThanOrEqual(4.5);
        if (contrastOf(colour, against) >= 4.5) expect(found).toBe(colour);
      }
  });

  it('gives every page text that can be read and controls that can be seen, whatever the primary colour', () => {
    for (const primaryColor of [
      '#ffffff',
      '#000000',
      '#ffff00',
      '#2f5bea',
      '#808080',
      '#0f1117',
      '#f3f4f8',
    ]) {
      const palette = paletteOf({ primaryColor, backgroundLight: '#f3f4f8', backgroundDark: '#0f1117' });
      for (const { accent, onAccent, background } of [palette.light, palette.dark]) {
        expect(contrastOf(accent, background)).toBeGreaterThanOrEqual(3);
        expect(contrastOf(onAccent, accent)).toBeGreaterThanOrEqual(4.5);
      }
    }
  });

  it('never shows a ratio as higher than it is', () => {
    const [text] = contrastsOf({
      primaryColor: '#777777',
      backgroundLight: '#f3f4f8',
      backgroundDark: '#0f1117',
    });
    expect(text).toMatchObject({ pair: 'TEXT_ON_PRIMARY', foreground: '#000000', passes: true });
    expect(text?.ratio).toBeLessThanOrEqual(contrastOf('#000000', '#777777'));
  });
});

describe('images', () => {
  const jpeg = Buffer.from('ffd8ffe000104a46494600010100000100010000ffc0000b080020004001011100ffd9', 'hex');
  const webp = (kind: string, rest: string) =>
    Buffer.concat([
      Buffer.from('RIFF\0\0\0\0WEBP', 'latin1'),
      Buffer.from(kind, 'latin1'),
      Buffer.from(rest, 'hex'),
    ]);

  it('are known by their first bytes, with their size', () => {
    expect(readImage(png(120, 40))).toEqual({ mediaType: 'image/png', width: 120, height: 40 });
    expect(readImage(jpeg)).toEqual({ mediaType: 'image/jpeg', width: 64, height: 32 });
    const size = { mediaType: 'image/webp', width: 64, height: 32 };
    expect(readImage(webp('VP8X', '0a000000000000003f00001f0000'))).toEqual(size);
    expect(readImage(webp('VP8 ', '0a0000000000009d012a40002000'))).toEqual(size);
    expect(readImage(webp('VP8L', '0a0000002f3fc007000000000000'))).toEqual(size);
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['markup', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'.padEnd(80))],
    ['a page', Buffer.from('<!doctype html><script>alert(1)</script>'.padEnd(80))],
    ['a GIF', Buffer.from('GIF89a'.padEnd(80, '\0'), 'latin1')],
    ['a PNG without a size', png(0, 10)],
    ['a PNG that breaks off', png(10, 10).subarray(0, 20)],
    ['a JPEG without a frame', jpeg.subarray(0, 20)],
    ['a JPEG whose segments have no length', Buffer.from(`ffd8ff${'e00000ff'.repeat(20)}`, 'hex')],
    ['a WebP of an unknown kind', webp('ICCP', '00'.repeat(20))],
  ])('are not %s', (_name, bytes) => {
    expect(readImage(bytes)).toBeUndefined();
  });
});

describe('the theme of a realm', () => {
  it('is changed field by field, and each change is recorded once', async () => {
    const of = await newRealm('Shop');
    const first = await change('updateTheme', {
      realmId: of,
      displayName: 'The shop',
      supportEmail: 'help@shop.example',
      supportUrl: 'https://shop.example/help',
      primaryColor: '#AA0044',
      mailSubjects: [{ template: 'BINDING_LINK', subject: 'Welcome to the shop' }],
      ifVersion: 1,
    });
    expect(first.errors).toEqual([]);
    expect(first.theme).toMatchObject({
      displayName: 'The shop',
      supportEmail: 'help@shop.example',
      supportUrl: 'https://shop.example/help',
      primaryColor: '#aa0044',
      backgroundLight: '#f3f4f8',
      mailSubjects: [{ template: 'BINDING_LINK', subject: 'Welcome to the shop' }],
      version: 2,
    });
    const again = await change('updateTheme', { realmId: of, displayName: 'The shop' });
    expect(again.theme).toMatchObject({ version: 2 });
    const less = await change('updateTheme', {
      realmId: of,
      supportUrl: null,
      mailSubjects: [{ template: 'BINDING_LINK', subject: null }],
    });
    expect(less.theme).toMatchObject({
      supportUrl: null,
      supportEmail: 'help@shop.example',
      mailSubjects: [],
    });
    expect(await changed(of)).toEqual([
      ['displayName', 'supportEmail', 'supportUrl', 'primaryColor', 'mailSubjects'],
      ['supportUrl', 'mailSubjects'],
    ]);
  });

  it('refuses what somebody else changed meanwhile', async () => {
    const answer = await change('updateTheme', { realmId, displayName: 'Late', ifVersion: 7 });
    expect(answer.errors).toMatchObject([{ code: 'VERSION_MISMATCH', path: ['ifVersion'] }]);
  });

  it.each([
    ['primaryColor', 'red'],
    ['primaryColor', '#fff'],
    ['backgroundDark', '#0f1117;}'],
    ['supportEmail', 'nobody'],
    ['supportEmail', 'a@b.example?bcc=c@d.example'],
    ['supportUrl', 'javascript:alert(1)'],
    ['supportUrl', 'http://shop.example'],
    ['supportUrl', 'https://user:secret@shop.example'],
    ['displayName', ' '],
    ['displayName', 'a\u202eb'],
    ['displayName', 'a'.repeat(101)],
  ])('refuses %s: %s', async (field, value) => {
    const answer = await change('updateTheme', { realmId, [field]: value });
    expect(answer.errors).toMatchObject([{ code: 'INVALID_INPUT', path: [field] }]);
  });

  it('refuses a background that nobody could read on, and names the nearest that passes', async () => {
    const answer = await change('updateTheme', { realmId, backgroundLight: '#808080' });
    expect(answer.errors).toMatchObject([{ code: 'INVALID_INPUT', path: ['backgroundLight'] }]);
    const [, ratio = '', nearest = ''] =
      /contrast of ([\d.]+):1 .* is (#\w{6})\.$/.exec(answer.errors[0]?.message ?? '') ?? [];
    expect(Number(ratio)).toBeLessThan(4.5);
    expect((await change('updateTheme', { realmId, backgroundLight: nearest })).errors).toEqual([]);
    const dark = await change('updateTheme', { realmId, backgroundDark: '#ffffff' });
    expect(dark.errors).toMatchObject([{ path: ['backgroundDark'] }]);
  });

  it('shows what colours would look like before they are saved', async () => {
    const answer = await test.graphql<{ realm: { theme: { preview: Record<string, unknown> } } }>(
      token,
      `query ($id: ID!) { realm(id: $id) { theme { preview(primaryColor: "#FFFF00") {
        light { accent onAccent background } dark { accent } contrasts { pair ratio required passes nearest } } } } }`,
      { id: realmId },
    );
    expect(answer.data.realm.theme.preview).toMatchObject({
      dark: { accent: '#ffff00' },
      contrasts: expect.arrayContaining([
        { pair: 'PRIMARY_ON_BACKGROUND_DARK', ratio: 17.57, required: 3, passes: true, nearest: '#ffff00' },
        expect.objectContaining({ pair: 'PRIMARY_ON_BACKGROUND_LIGHT', required: 3, passes: false }),
      ]),
    });
    const wrong = await test.graphql(
      token,
      'query ($id: ID!) { realm(id: $id) { theme { preview(primaryColor: "red") { light { accent } } } } }',
      { id: realmId },
    );
    expect(wrong.errors).toHaveLength(1);
  });

  it('is for who may see or change themes', async () => {
    const reader = await test.apiToken(['realms:read', 'themes:read']);
    await expect(change('updateTheme', { realmId, displayName: 'Mine' }, reader)).rejects.toThrow(
      'FORBIDDEN',
    );
    const image = png(2, 2).toString('base64');
    await expect(change('uploadThemeLogo', { realmId, scheme: 'LIGHT', image }, reader)).rejects.toThrow(
      'FORBIDDEN',
    );
    const none = await test.apiToken(['realms:read']);
    const seen = await test.graphql(none, 'query ($id: ID!) { realm(id: $id) { theme { displayName } } }', {
      id: realmId,
    });
    expect(seen.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });
});

describe('a logo', () => {
  const upload = (scheme: 'LIGHT' | 'DARK', image: Buffer | string, of = realmId) =>
    change('uploadThemeLogo', {
      realmId: of,
      scheme,
      image: typeof image === 'string' ? image : image.toString('base64'),
    });

  it('is served from our origin at an address of its own, as an image and nothing else', async () => {
    const of = await newRealm('Logos');
    const image = png(120, 40);
    const { theme, errors } = await upload('LIGHT', image, of);
    expect(errors).toEqual([]);
    const logo = theme?.logoLight as { path: string };
    expect(logo).toMatchObject({ width: 120, height: 40 });
    const served = await test.app.inject({ url: logo.path });
    expect(served.statusCode).toBe(200);
    expect(served.rawPayload.equals(image)).toBe(true);
    expect(served.headers).toMatchObject({
      'content-type': 'image/png',
      'x-content-type-options': 'nosniff',
      'cache-control': 'public, max-age=31536000, immutable',
      'content-security-policy': "default-src 'none'; sandbox",
    });

    const other = await upload('LIGHT', png(60, 60), of);
    expect(pathOf(other.theme?.logoLight)).not.toBe(logo.path);
    expect((await test.app.inject({ url: logo.path })).statusCode).toBe(404);
    expect((await upload('LIGHT', png(60, 60), of)).theme).toMatchObject({ version: other.theme?.version });
    expect((await change('removeThemeLogo', { realmId: of, scheme: 'LIGHT' })).theme).toMatchObject({
      logoLight: null,
    });
    expect((await change('removeThemeLogo', { realmId: of, scheme: 'LIGHT' })).errors).toEqual([]);
    expect(await changed(of)).toEqual([['logoLight'], ['logoLight'], ['logoLight']]);
  });

  it('of one realm is not found in another', async () => {
    const { theme } = await upload('DARK', png(30, 30));
    const path = pathOf(theme?.logoDark);
    const other = await newRealm('Others');
    expect((await test.app.inject({ url: path })).statusCode).toBe(200);
    expect((await test.app.inject({ url: path.replace(realmId, other) })).statusCode).toBe(404);
    expect((await test.app.inject({ url: path.replace(realmId, 'x') })).statusCode).toBe(404);
    expect((await test.app.inject({ url: `/realms/${realmId}/theme/logos/%27` })).statusCode).toBe(404);
  });

  it.each([
    ['markup', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>'.padEnd(80))],
    ['more than 256 KB', Buffer.concat([png(10, 10), Buffer.alloc(262_144)])],
    ['more than 2,048 pixels a side', png(2049, 1)],
    ['what is no base64', `${png(10, 10).toString('base64')}<b>`],
    ['nothing', ''],
  ])('is not %s', async (_name, image) => {
    expect((await upload('LIGHT', image)).errors).toMatchObject([{ code: 'INVALID_INPUT', path: ['image'] }]);
  });

  it('and its words reach the hosted page, and nothing else of the theme does', async () => {
    const of = await newRealm('Seen');
    await change('updateTheme', {
      realmId: of,
      logoAlt: 'The shop',
      mailSubjects: [{ template: 'SIGN_UP_CODE', subject: 'SECRET-SUBJECT' }],
    });
    const { theme } = await upload('LIGHT', png(120, 40), of);
    const { body } = await test.app.inject({ url: `/realms/${of}/bind` });
    expect(body).toContain(pathOf(theme?.logoLight));
    expect(body).toContain('"alt":"The shop"');
    expect(body).not.toContain('SECRET-SUBJECT');
  });
});

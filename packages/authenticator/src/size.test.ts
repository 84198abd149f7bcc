import { gzipSync } from 'node:zlib';
import { build, type Rolldown } from 'vite';
import { expect, it } from 'vitest';

/** Bytes, gzipped: what a person on a slow phone waits for before they can do anything. */
const BUDGET = 60 * 1024;

const built = (async () => {
  const made = await build({ logLevel: 'silent', build: { write: false } });
  const [bundle] = [made].flat() as Rolldown.RolldownOutput[];
  return bundle?.output ?? [];
})();

const weightOf = (file: Rolldown.OutputChunk | Rolldown.OutputAsset): number =>
  gzipSync(file.type === 'chunk' ? file.code : file.source).length;

it('sends the first page in under 60 KB, whatever its language', async () => {
  const files = await built;
  const chunks = new Map(files.flatMap((file) => (file.type === 'chunk' ? [[file.fileName, file]] : [])));
  const entry = [...chunks.values()].find(({ isEntry }) => isEntry);
  const first = new Set<string>();
  const take = (name: string): void => {
    if (first.has(name)) return;
    first.add(name);
    for (const next of chunks.get(name)?.imports ?? []) take(next);
  };
  take(entry?.fileName ?? '');
  const languages = [...chunks.values()].filter(({ name }) => /^(en|de|es|fr|ja)$/.test(name));
  expect(languages.length).toBeGreaterThanOrEqual(5);
  for (const { fileName } of languages) expect(first).not.toContain(fileName);
  const page = files.filter(({ fileName }) => /\.(css|html)$/.test(fileName) || first.has(fileName));
  const sum = (of: readonly Parameters<typeof weightOf>[0][]): number =>
    of.reduce((total, file) => total + weightOf(file), 0);
  expect(sum(page)).toBeGreaterThan(2000);
  expect(sum(page) + Math.max(...languages.map(weightOf))).toBeLessThan(BUDGET);
}, 60_000);

it('has nothing inline that its policy would have to allow', async () => {
  const page = (await built).find(({ fileName }) => fileName === 'index.html');
  const html = String(page?.type === 'asset' ? page.source : '');
  expect(html).toContain('id="keyrealm-page"');
  expect(html).not.toMatch(/\sstyle=|\son\w+=|<style/i);
  const inline = [...html.matchAll(/<script\b([^>]*)>/g)].filter(
    ([, attributes]) => !attributes?.includes('src='),
  );
  expect(inline.map(([, attributes]) => attributes)).toEqual([expect.stringContaining('application/json')]);
});

import { describe, expect, it } from 'vitest';
import type { Span } from '../../kernel/filter.js';
import { createIndexedPages } from './indexed-pages.js';

describe('pages by index', () => {
  const people = Array.from({ length: 3000 }, (_, at) => ({ id: `id${String(at).padStart(5, '0')}` }));
  const reading = () => {
    const spans: Span[] = [];
    const pages = createIndexedPages(async (_realm, _filter, _order, span) => {
      spans.push(span);
      const start =
        'after' in span ? people.findIndex(({ id }) => id === span.after?.at(-1)) + 1 : span.offset;
      return { rows: people.slice(start, start + span.limit), next: undefined };
    });
    const page = async (offset: number, limit = 200) =>
      (await pages.read('realm', undefined, undefined, { offset, limit }, false)).rows;
    return { page, spans };
  };

  it('goes on from where the page before ended, and gives everyone once', async () => {
    const { page, spans } = reading();
    const all: { id: string }[] = [];
    for (let offset = 0; offset < people.length; offset += 200) all.push(...(await page(offset)));
    expect(all).toEqual(people);
    expect(spans.filter((span) => 'offset' in span).map((span) => 'offset' in span && span.offset)).toEqual([
      0, 200, 400, 600, 800,
    ]);
  });

  it('counts where no page ended, and near the start', async () => {
    const { page, spans } = reading();
    expect((await page(2000))[0]).toEqual(people[2000]);
    expect((await page(2100, 50))[0]).toEqual(people[2100]);
    await page(0);
    await page(200);
    expect(spans.every((span) => 'offset' in span)).toBe(true);
  });
});

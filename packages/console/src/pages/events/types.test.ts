import { expect, it } from 'vitest';
import catalogue from '../../../../server/src/kernel/catalogue.ts?raw';
import { EVENT_TYPES } from './types';

it('offers every event type that the server can record, and no other', () => {
  const recorded = [...catalogue.matchAll(/^ {2}'([a-z_]+\.[a-z_]+)':/gm)].map(([, type]) => type);
  expect(recorded.length).toBeGreaterThan(10);
  expect([...EVENT_TYPES].sort()).toEqual(recorded.sort());
});

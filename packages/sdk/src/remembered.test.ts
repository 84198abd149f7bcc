import { describe, expect, it } from 'vitest';
import { createRemembered, type Kept, shown } from './remembered.js';

function storage() {
  const kept = new Map<string, string>();
  return {
    kept,
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  };
}

const passkey = (id: string): Kept => ({
  id,
  name: 'Key',
  realm: { id: 'r', displayName: 'Realm' },
  identity: { username: 'ada', displayName: 'Ada' },
  createdAt: '2026-01-01T00:00:00.000Z',
  relyingPartyId: 'example.com',
});

describe('what a browser remembers', () => {
  it('lists the newest first, each once, and shows nothing that is ours alone', () => {
    const remembered = createRemembered('r', () => store);
    const store = storage();
    for (const id of ['a', 'b', 'a']) remembered.add(passkey(id));
    expect(remembered.read().map(({ id }) => id)).toEqual(['a', 'b']);
    expect(shown(passkey('a'))).not.toHaveProperty('relyingPartyId');
  });

  it('keeps realms apart, and keeps fifty at most', () => {
    const store = storage();
    const mine = createRemembered('r', () => store);
    createRemembered('s', () => store).add(passkey('theirs'));
    for (let at = 0; at < 60; at++) mine.add(passkey(`p${at}`));
    expect(mine.read()).toHaveLength(50);
    expect(mine.read()[0]?.id).toBe('p59');
    expect(store.kept.size).toBe(2);
  });

  it('forgets what it is told to, and says what that was', () => {
    const store = storage();
    const remembered = createRemembered('r', () => store);
    remembered.add(passkey('a'));
    remembered.add(passkey('b'));
    expect(remembered.remove(new Set(['a', 'unknown'])).map(({ id }) => id)).toEqual(['a']);
    expect(remembered.read().map(({ id }) => id)).toEqual(['b']);
    expect(remembered.remove(new Set(['a']))).toEqual([]);
  });

  it('takes what others wrote for nothing, and lives without a storage', () => {
    const store = storage();
    const remembered = createRemembered('r', () => store);
    for (const text of [
      '{',
      '7',
      'null',
      '[1, null, {"id": "a"}]',
      JSON.stringify([{ ...passkey('a'), realm: 1 }]),
    ]) {
      store.setItem('keyrealm.passkeys.r', text);
      expect(remembered.read()).toEqual([]);
    }
    const without = createRemembered('r', () => {
      throw new Error('blocked');
    });
    without.add(passkey('a'));
    expect(without.read()).toEqual([]);
  });
});

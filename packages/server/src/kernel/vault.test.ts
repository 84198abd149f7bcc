import { describe, expect, it } from 'vitest';
import { createVault } from './vault.js';

const OLD = 'the old secret, of more than thirty-two characters';
const NEW = 'the new secret, of more than thirty-two characters';

describe('the vault', () => {
  const plain = Buffer.from('a private key');

  it('opens what it wrapped, for whom it was wrapped alone', () => {
    const vault = createVault(OLD);
    const wrapped = vault.wrap(plain, 'realm/key');
    expect(vault.unwrap(wrapped, 'realm/key')).toEqual(plain);
    expect(() => vault.unwrap(wrapped, 'another realm/key')).toThrow('another context');
    for (let at = 0; at < wrapped.length; at++) {
      const forged = Buffer.from(wrapped);
      forged[at] = (forged[at] ?? 0) ^ 1;
      expect(() => vault.unwrap(forged, 'realm/key')).toThrow();
    }
  });

  it('opens what the secret before wrapped, and wraps nothing with it', () => {
    const both = createVault(NEW, OLD);
    expect(both.unwrap(createVault(OLD).wrap(plain, 'x'), 'x')).toEqual(plain);
    const wrapped = both.wrap(plain, 'x');
    expect(createVault(NEW).unwrap(wrapped, 'x')).toEqual(plain);
    expect(() => createVault(OLD).unwrap(wrapped, 'x')).toThrow();
  });

  it('seals and derives with the new secret alone', () => {
    const both = createVault(NEW, OLD);
    expect(both.seal('text')).toBe(createVault(NEW).seal('text'));
    expect(both.derive('cookies')).toBe(createVault(NEW).derive('cookies'));
    expect(both.seal('text')).not.toBe(createVault(OLD).seal('text'));
  });
});

import { describe, expect, it, vi } from 'vitest';
import { holdTokens, SignInRequired, type Tokens } from './tokens';

const NOW = 1_800_000_000_000;

const tokens = (name: string, livesMs = 300_000): Tokens => ({
  accessToken: `access ${name}`,
  refreshToken: `refresh ${name}`,
  idToken: `id ${name}`,
  expiresAt: NOW + livesMs,
});

describe('the tokens of a session', () => {
  it('gives the token at hand while it lives long enough', async () => {
    const renew = vi.fn();
    const holder = holdTokens(tokens('1'), renew, () => NOW);
    expect(await holder.accessToken()).toBe('access 1');
    expect(renew).not.toHaveBeenCalled();
  });

  it('renews before the token expires', async () => {
    const renew = vi.fn(async () => tokens('2'));
    const holder = holdTokens(tokens('1', 29_000), renew, () => NOW);
    expect(await holder.accessToken()).toBe('access 2');
    expect(renew).toHaveBeenCalledWith('refresh 1', tokens('1', 29_000));
  });

  it('renews once for requests that ask at the same time, so that no refresh token is used twice', async () => {
    const { promise, resolve } = Promise.withResolvers<Tokens>();
    const renew = vi.fn(() => promise);
    const holder = holdTokens(tokens('1', 0), renew, () => NOW);
    const asked = [holder.accessToken(), holder.replace('access 1'), holder.accessToken()];
    resolve(tokens('2'));
    expect(await Promise.all(asked)).toEqual(['access 2', 'access 2', 'access 2']);
    expect(renew).toHaveBeenCalledTimes(1);
  });

  it('uses the rotated refresh token for the next renewal', async () => {
    const renew = vi.fn(async (refreshToken: string) => tokens(refreshToken === 'refresh 1' ? '2' : '3'));
    const holder = holdTokens(tokens('1'), renew, () => NOW);
    expect(await holder.replace('access 1')).toBe('access 2');
    expect(await holder.replace('access 2')).toBe('access 3');
    expect(renew.mock.calls.map(([refreshToken]) => refreshToken)).toEqual(['refresh 1', 'refresh 2']);
  });

  it('does not renew again for a token that was replaced meanwhile', async () => {
    const renew = vi.fn(async () => tokens('2'));
    const holder = holdTokens(tokens('1'), renew, () => NOW);
    await holder.replace('access 1');
    expect(await holder.replace('access 1')).toBe('access 2');
    expect(renew).toHaveBeenCalledTimes(1);
  });

  it('asks to sign in again when there is no refresh token', async () => {
    const holder = holdTokens({ ...tokens('1', 0), refreshToken: undefined }, vi.fn(), () => NOW);
    await expect(holder.accessToken()).rejects.toBeInstanceOf(SignInRequired);
  });

  it('tries again after a renewal that failed', async () => {
    const renew = vi
      .fn<() => Promise<Tokens>>()
      .mockRejectedValueOnce(new TypeError('offline'))
      .mockResolvedValueOnce(tokens('2'));
    const holder = holdTokens(tokens('1', 0), renew, () => NOW);
    await expect(holder.accessToken()).rejects.toThrow('offline');
    expect(await holder.accessToken()).toBe('access 2');
  });
});

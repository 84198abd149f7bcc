import { describe, expect, it } from 'vitest';
import { readConfig } from './config.js';

describe('configuration', () => {
  it('has a sensible value for everything, with the embedded database', () => {
    expect(readConfig({})).toMatchObject({
      publicUrl: 'http://localhost:8080',
      port: 8080,
      database: { kind: 'embedded' },
      dataDir: 'data',
      secret: undefined,
      trustProxy: false,
    });
  });

  it('takes an empty variable for one that is not set, and cuts the slash off the address', () => {
    const config = readConfig({
      DATABASE_URL: '',
      KEYREALM_PUBLIC_URL: 'https://id.example.com/keys/',
      PORT: '9000',
    });
    expect(config).toMatchObject({ publicUrl: 'https://id.example.com/keys', port: 9000 });
  });

  it('takes a mail server together with the address that mails come from, and tells no password', () => {
    const SMTP_URL = 'smtps://keys:a-password@mail.example.com';
    const from = 'keys@example.com';
    expect(readConfig({}).mail).toBeUndefined();
    expect(readConfig({ SMTP_URL, KEYREALM_MAIL_FROM: from }).mail).toEqual({ smtpUrl: SMTP_URL, from });
    for (const wrong of [{ SMTP_URL }, { SMTP_URL: SMTP_URL.replace('smtps', 'http') }])
      expect(() => readConfig(wrong)).toThrow(
        expect.objectContaining({ message: expect.not.stringContaining('a-password') }),
      );
  });

  it('names every fault at once, and never a value', () => {
    const secret = 'short-secret';
    const wrong = { PORT: 'x', KEYREALM_PUBLIC_URL: 'ftp://x', KEYREALM_SECRET: secret, LOG_LEVEL: 'loud' };
    expect(() => readConfig(wrong)).toThrow(
      expect.objectContaining({
        message: expect.stringMatching(
          /KEYREALM_PUBLIC_URL[\s\S]*PORT[\s\S]*KEYREALM_SECRET[\s\S]*LOG_LEVEL/,
        ),
      }),
    );
    try {
      readConfig(wrong);
    } catch (error) {
      expect(String(error)).not.toContain(secret);
    }
  });

  it('believes as many proxies as it is told, and no others', () => {
    const proxies = (TRUST_PROXY: string) => readConfig({ TRUST_PROXY }).trustProxy;
    expect(['false', 'true', '2', '10.0.0.0/8, 192.168.1.1'].map(proxies)).toEqual([
      false,
      1,
      2,
      '10.0.0.0/8, 192.168.1.1',
    ]);
    expect(() => proxies('everyone')).toThrow(/TRUST_PROXY/);
  });

  it('demands a secret with a database server, since every node needs the same', () => {
    const database = { DATABASE_URL: 'postgres://localhost/keyrealm' };
    expect(() => readConfig(database)).toThrow(/KEYREALM_SECRET/);
    expect(readConfig({ ...database, KEYREALM_SECRET: 'x'.repeat(32) }).database).toMatchObject({
      kind: 'server',
    });
  });
});

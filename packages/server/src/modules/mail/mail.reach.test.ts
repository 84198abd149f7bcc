import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { startSmtp, type TestSmtp } from '../../testing/smtp.js';
import { createMailReachService } from './mail.reach.service.js';

describe('whether the mail server answers', () => {
  let smtp: TestSmtp | undefined;
  afterEach(async () => {
    await smtp?.close();
    smtp = undefined;
  });

  it('is no question without one', async () => {
    expect(await createMailReachService(undefined).check()).toBeUndefined();
  });

  it('is true where it says hello, and nothing is sent', async () => {
    smtp = await startSmtp();
    const reach = createMailReachService({ smtpUrl: smtp.url });
    expect(await reach.check()).toEqual({ reachable: true, code: null });
    expect(smtp.received).toEqual([]);
  });

  it('is false where nobody listens, with a code and without the password', async () => {
    smtp = await startSmtp();
    const { port } = smtp;
    await smtp.close();
    smtp = undefined;
    const answer = await createMailReachService({ smtpUrl: `smtp://user:secret@127.0.0.1:${port}` }).check();
    expect(answer).toEqual({ reachable: false, code: 'ESOCKET' });
  });

  it('is false where somebody listens and never speaks', { timeout: 15_000 }, async () => {
    const silent = createServer(() => undefined);
    await new Promise<void>((done) => silent.listen(0, '127.0.0.1', done));
    const address = silent.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const begun = performance.now();
    const answer = await createMailReachService({ smtpUrl: `smtp://127.0.0.1:${port}` }).check();
    expect(answer).toMatchObject({ reachable: false });
    expect(performance.now() - begun).toBeLessThan(8000);
    silent.close();
  });
});

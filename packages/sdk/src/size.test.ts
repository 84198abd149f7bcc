import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';
import { expect, it } from 'vitest';

it('weighs less than 15 KB gzipped with everything in it', async () => {
  const made = await build({
    root: fileURLToPath(new URL('..', import.meta.url)),
    logLevel: 'silent',
    build: { write: false },
  });
  const outputs = [made].flat().flatMap((one) => ('output' in one ? one.output : []));
  expect(outputs).toHaveLength(1);
  const [file] = outputs;
  const code = file?.type === 'chunk' ? file.code : '';
  expect(code).toContain('createKeyrealm');
  expect(code).not.toMatch(/\bfrom\s*['"]/);
  expect(gzipSync(code).length).toBeLessThan(15 * 1024);
}, 30_000);

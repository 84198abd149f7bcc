import { pino } from 'pino';
import { buildApp } from '../app.js';
import type { Config } from '../config.js';
import { pendingMigrations } from '../database/migrate.js';
import { readBundles } from '../protocols/web/bundles.js';
import type { Command } from './command.js';
import { commandFacts, type Opened, open } from './open.js';

const CONNECTIONS = 20;
const GRACE_MS = 25_000;

export const serve: Command = {
  name: 'serve',
  usage: '',
  does: 'Runs Keyrealm until it is told to stop (Ctrl-C, SIGTERM); requests in flight are finished.',
  options: {},
  required: [],
  async run(config) {
    const bundles = readBundles();
    const log = pino({
      level: config.logLevel,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: ['authorization', 'headers', 'token', 'secret', 'password', '*.authorization', '*.token'],
    });
    const stop = stopSignal();
    const opened = await open(config, {
      connections: CONNECTIONS,
      log: (line) => log.debug({ from: 'postgres' }, line),
      onIdleError: (error) => log.warn({ err: error }, 'a database connection broke'),
    });
    try {
      const app = await buildApp({
        services: opened.services,
        vault: opened.vault,
        publicUrl: config.publicUrl,
        trustProxy: config.trustProxy,
        bundles,
        log,
        ready: () => ready(opened),
      });
      await app.listen({ port: config.port, host: config.host, listenTextResolver: () => 'listening' });
      const stopJobs = startJobs(opened, (error) => log.error({ err: error }, 'a job failed'));
      const stopImports = opened.services.importRuns.start((error) =>
        log.error({ err: error }, 'an import failed'),
      );
      const stopMail = opened.services.mailSender.start((error) => log.error({ err: error }, 'mail failed'));
      const stopCampaigns = opened.services.campaignRuns.start((error) =>
        log.error({ err: error }, 'a campaign failed'),
      );
      const stopRecovery = opened.services.recoveryRuns.start((error) =>
        log.error({ err: error }, 'a recovery failed'),
      );
      const stopSignUps = opened.services.signUpRuns.start((error) =>
        log.error({ err: error }, 'a sign-up failed'),
      );
      await greet(config, opened);
      log.info({ signal: await stop }, 'stopping');
      stopJobs();
      await within(
        GRACE_MS,
        Promise.all([app.close(), stopImports(), stopMail(), stopRecovery(), stopSignUps(), stopCampaigns()]),
      );
    } finally {
      await opened.close();
    }
  },
};

/** The first start makes a tenant; every start says where to go. */
async function greet(config: Config, { services }: Opened): Promise<void> {
  const wanted = { name: config.firstTenant.name, adminEmail: config.firstTenant.adminEmail };
  const made = await services.tenants.createFirst(commandFacts(), wanted);
  const only = made ? undefined : await services.tenants.forConsole(undefined);
  const lines = [
    '',
    `Keyrealm runs at ${config.publicUrl}`,
    `  Console   ${made?.consoleUrl ?? (only ? services.tenants.consoleUrl(only.tenant.id) : `${config.publicUrl}/console/`)}`,
    ...(made
      ? [
          `  First     Open this link once, within 7 days, to bind the administrator's passkey (${wanted.adminEmail}):`,
          `            ${made.bindingLink}`,
          '            Lost it? npm run -s keyrealm -- recover --tenant ' +
            `${made.tenantId} --username ${wanted.adminEmail}`,
        ]
      : []),
    '  Stop      Ctrl-C',
    '',
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

async function ready({ pool }: Opened): Promise<boolean> {
  try {
    return (await pendingMigrations(pool)).length === 0;
  } catch {
    return false;
  }
}

const HOUR = 3_600_000;

/** What has to be done now and then; each is safe to run on several nodes at once. */
function startJobs({ services }: Opened, failed: (error: unknown) => void): () => void {
  const timer = setInterval(() => {
    services.events.maintain().catch(failed);
    services.housekeeping.sweep().catch(failed);
  }, HOUR);
  return () => clearInterval(timer);
}

function stopSignal(): Promise<string> {
  return new Promise((done) => {
    // Said twice it is still one wish: the second must not cut off what the first lets finish.
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => done(signal));
  });
}

async function within(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((done) => {
    timer = setTimeout(done, ms);
  });
  await Promise.race([work, late]);
  clearTimeout(timer);
}

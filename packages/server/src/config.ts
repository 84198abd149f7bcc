import { z } from 'zod';

const url = z.url({ protocol: /^https?$/ });
const port = z.coerce.number().int().min(0).max(65_535);
const text = z.string().trim().min(1);

const PROXIES = /^(true|false|\d{1,2}|[\da-f.:]+(\/\d{1,3})?(\s*,\s*[\da-f.:]+(\/\d{1,3})?)*)$/i;

const variables = z.object({
  KEYREALM_PUBLIC_URL: url.default('http://localhost:8080'),
  PORT: port.optional(),
  HOST: text.default('0.0.0.0'),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  KEYREALM_DATA_DIR: text.default('data'),
  KEYREALM_SECRET: z.string().min(32, 'needs at least 32 characters').optional(),
  KEYREALM_SECRET_PREVIOUS: z.string().min(32, 'needs at least 32 characters').optional(),
  SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional(),
  KEYREALM_MAIL_FROM: z.email().optional(),
  TRUST_PROXY: z
    .string()
    .regex(PROXIES, 'is true, false, a number of hops, or a list of addresses and CIDR blocks')
    .default('false'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  KEYREALM_TENANT_NAME: text.default('My organisation'),
  KEYREALM_ADMIN_EMAIL: z.email().default('admin@keyrealm.local'),
});

/** Everything that the environment decides, checked together at start and never read again. */
export interface Config {
  /** Without a slash at its end. */
  readonly publicUrl: string;
  readonly port: number;
  readonly host: string;
  readonly database: { readonly kind: 'server'; readonly url: string } | { readonly kind: 'embedded' };
  readonly dataDir: string;
  /** Absent: made at the first start and kept in the data directory. */
  readonly secret: string | undefined;
  /** The one that `secret` replaces: what it wrapped can still be opened. */
  readonly previousSecret: string | undefined;
  /** The mail server and the address that mails come from; without it they wait in the outbox. */
  readonly mail: { readonly smtpUrl: string; readonly from: string } | undefined;
  /** How many proxies stand before us, or their addresses; false for none. Whoever else writes a header is not believed. */
  readonly trustProxy: false | number | string;
  readonly logLevel: string;
  readonly firstTenant: { readonly name: string; readonly adminEmail: string };
}

/** @throws Error with one line for each variable at fault */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  const present = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = variables.safeParse(present);
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
    throw new Error(`The configuration can't be used:\n${lines.join('\n')}`);
  }
  const env = parsed.data;
  if (env.DATABASE_URL !== undefined && env.KEYREALM_SECRET === undefined)
    throw new Error(
      "The configuration can't be used:\n  KEYREALM_SECRET: needed with DATABASE_URL, the same on every node",
    );
  if (env.KEYREALM_SECRET_PREVIOUS !== undefined && env.KEYREALM_SECRET === undefined)
    throw new Error(
      "The configuration can't be used:\n  KEYREALM_SECRET: needed with KEYREALM_SECRET_PREVIOUS, the secret that replaces it",
    );
  const publicUrl = new URL(env.KEYREALM_PUBLIC_URL);
  return Object.freeze({
    publicUrl: publicUrl.origin + publicUrl.pathname.replace(/\/+$/, ''),
    port: env.PORT ?? (Number(publicUrl.port) || (publicUrl.protocol === 'https:' ? 8080 : 80)),
    host: env.HOST,
    database: env.DATABASE_URL
      ? ({ kind: 'server', url: env.DATABASE_URL } as const)
      : ({ kind: 'embedded' } as const),
    dataDir: env.KEYREALM_DATA_DIR,
    secret: env.KEYREALM_SECRET,
    previousSecret: env.KEYREALM_SECRET_PREVIOUS,
    mail: mailOf(env),
    trustProxy: proxiesOf(env.TRUST_PROXY),
    logLevel: env.LOG_LEVEL,
    firstTenant: { name: env.KEYREALM_TENANT_NAME, adminEmail: env.KEYREALM_ADMIN_EMAIL },
  });
}

function mailOf(env: z.infer<typeof variables>): Config['mail'] {
  if (env.SMTP_URL === undefined) return undefined;
  if (env.KEYREALM_MAIL_FROM === undefined)
    throw new Error(
      "The configuration can't be used:\n  KEYREALM_MAIL_FROM: needed with SMTP_URL, the address that mails come from",
    );
  return { smtpUrl: env.SMTP_URL, from: env.KEYREALM_MAIL_FROM };
}

function proxiesOf(text: string): Config['trustProxy'] {
  if (text === 'false') return false;
  if (text === 'true') return 1;
  return /^\d{1,2}$/.test(text) ? Number(text) : text;
}

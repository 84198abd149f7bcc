import { timingSafeEqual } from 'node:crypto';
import type { z } from 'zod';
import { type Address, addressText, parseAddress, spellingsOf } from '../../kernel/address.js';
import { now, secondsFromNow } from '../../kernel/clock.js';
import type { Db, Runner, Tx, Work } from '../../kernel/command.js';
import type { RealmCtx } from '../../kernel/context.js';
import { DomainError, invalid } from '../../kernel/errors.js';
import { hashSecret, newId, newSecret } from '../../kernel/ids.js';
import { anyone } from '../../kernel/permissions.js';
import type { Vault } from '../../kernel/vault.js';
import type { ApplicationsService } from '../applications/applications.service.js';
import type {
  AuthenticatorConfigRow,
  AuthenticatorConfigsService,
} from '../authenticator-configs/authenticator-configs.service.js';
import type { IdentitiesService } from '../identities/identities.service.js';
import type { PasskeysService } from '../passkeys/passkeys.service.js';
import * as queries from './sign-up.queries.js';
import {
  askInput,
  codeInput,
  optionsInput,
  type RefusalCode,
  refused,
  refuseOthersAddress,
  type SignUpRefused,
  type SignUpRow,
  tokenInput,
} from './sign-up.types.js';

interface Deps {
  db: Db;
  command: Runner;
  vault: Pick<Vault, 'seal'>;
  applications: Pick<ApplicationsService, 'findRow'>;
  authenticatorConfigs: Pick<AuthenticatorConfigsService, 'find' | 'managed'>;
  identities: Pick<IdentitiesService, 'findByAddress' | 'findByUsername'>;
  passkeys: Pick<PasskeysService, 'registrationOptions'>;
}

const HOUR = 3600;
const DAY = 24 * HOUR;
const ASKS_A_DAY = 3;
/** From one network, which may be that of a whole office. */
const ASKS_AN_HOUR_OF_IP = 30;
const CODE_SECONDS = 600;
const MOST_TRIES = 5;

/** For as long as it lives a proof is worth what the mailbox is. */
export const LINK_SECONDS = HOUR;

export type SignUpService = ReturnType<typeof createSignUpService>;

/** People who sign themselves up, until the passkey: an address, its proof, a name. Nobody exists before the passkey. */
export function createSignUpService(deps: Deps) {
  const { db, command, vault, applications, authenticatorConfigs, identities, passkeys } = deps;

  /** The config that lets people sign up; our own page makes the passkey, so it is one of ours. */
  async function configFor(
    source: Db | Tx,
    realmId: string,
    applicationId: string | null,
  ): Promise<AuthenticatorConfigRow | undefined> {
    const application =
      applicationId === null ? undefined : await applications.findRow(realmId, applicationId, source);
    const config = application
      ? await authenticatorConfigs.find(source, realmId, application.authenticator_config_id)
      : await authenticatorConfigs.managed(source, realmId, 'HOSTED_WEB');
    return config?.kind === 'HOSTED_WEB' && config.sign_up ? config : undefined;
  }

  const refuse = (work: Work, code: RefusalCode, row?: SignUpRow, message?: string): SignUpRefused => {
    const details = row ? { correlationId: row.correlation_id } : {};
    work.record('sign_up.refused', { reason: code }, { outcome: 'REFUSED', ...details });
    return refused(code, message);
  };

  async function isWithinLimits(work: Work, addressKey: string): Promise<'ADDRESS' | 'NETWORK' | undefined> {
    const { tx, ctx } = work;
    const count = (column: 'address_key' | 'ip', value: string, seconds: number, limit: number) =>
      queries.countSince(tx, ctx.realm.id, { column, value, since: secondsFromNow(-seconds), limit });
    if (ctx.ip !== null) await queries.lockWord(tx, `${ctx.realm.id} ${ctx.ip}`);
    await queries.lockWord(tx, addressKey);
    if (ctx.ip !== null && (await count('ip', ctx.ip, HOUR, ASKS_AN_HOUR_OF_IP)) >= ASKS_AN_HOUR_OF_IP)
      return 'NETWORK';
    return (await count('address_key', addressKey, DAY, ASKS_A_DAY)) >= ASKS_A_DAY ? 'ADDRESS' : undefined;
  }

  const codeHash = (row: Pick<SignUpRow, 'realm_id' | 'id'>, code: string): string =>
    vault.seal(`sign-up ${row.realm_id}/${row.id} ${code}`);

  const isRight = (row: SignUpRow, code: string): boolean => {
    const given = Buffer.from(codeHash(row, code.replace(/\D/g, '')));
    const wanted = Buffer.from(row.code_hash ?? codeHash(row, newSecret()));
    return timingSafeEqual(given, wanted) && row.code_hash !== null;
  };

  /** A sign-up whose address is proved, with its lock. */
  async function proven(work: Work, token: string): Promise<(SignUpRow & { address: string }) | undefined> {
    const row = await queries.lockByToken(work.tx, work.ctx.realm.id, hashSecret(token));
    if (!row || row.address === null || row.expires_at <= now()) return undefined;
    const isProven = row.proof === 'LINK' ? row.status === 'SENT' : row.status === 'PROVEN';
    return isProven ? { ...row, address: row.address } : undefined;
  }

  /** Whoever has this address already, as an address or as a name. */
  async function isTaken(tx: Tx, realmId: string, address: string): Promise<boolean> {
    const parsed = parseAddress(address);
    const spelled = parsed ? spellingsOf(parsed) : [address];
    if ((await identities.findByAddress(tx, realmId, spelled, 1)).length > 0) return true;
    return (await identities.findByUsername(tx, realmId, address)) !== undefined;
  }

  async function begin(work: Work, input: z.infer<typeof askInput>, parsed: Address, addressKey: string) {
    const { tx, ctx } = work;
    const config = await configFor(tx, ctx.realm.id, input.applicationId);
    if (!config) return refuse(work, 'SIGN_UP_OFF');
    if (!isWelcome(config, parsed)) return refuse(work, 'DOMAIN_NOT_ALLOWED');
    const limit = await isWithinLimits(work, addressKey);
    if (limit === 'NETWORK') return refuse(work, 'RATE_LIMITED');
    const proof = config.sign_up_proof;
    const token = proof === 'CODE' ? newSecret() : null;
    const expiresAt = secondsFromNow(proof === 'CODE' ? CODE_SECONDS : LINK_SECONDS);
    const answer = { result: 'asked' as const, proof, token, expiresAt };
    // The answer is the same, and the mail that was sent before still works.
    if (limit === 'ADDRESS') {
      refuse(work, 'RATE_LIMITED');
      return answer;
    }
    await queries.insertSignUp(tx, {
      realm_id: ctx.realm.id,
      id: newId(),
      authenticator_config_id: config.id,
      application_id: input.applicationId,
      interaction_id: input.interactionId,
      address_key: addressKey,
      address: addressText(parsed),
      proof,
      token_hash: token === null ? null : hashSecret(token),
      identity_id: newId(),
      correlation_id: ctx.correlationId,
      ip: ctx.ip,
      user_agent: ctx.userAgent,
      expires_at: expiresAt,
    });
    return answer;
  }

  const prepare = command({
    name: 'sign-up.prepare',
    scope: anyone,
    input: optionsInput,
    body: async (work, input) => {
      work.unchanged();
      const row = await proven(work, input.token);
      if (!row) return refuse(work, 'SIGN_UP_INVALID');
      const username = input.username ?? row.address;
      refuseOthersAddress(username, row.address);
      if (await identities.findByUsername(work.tx, row.realm_id, username))
        throw new DomainError('conflict', 'USERNAME_TAKEN', 'This username is taken. Choose another one.', {
          path: ['username'],
        });
      const config = await authenticatorConfigs.find(work.tx, row.realm_id, row.authenticator_config_id);
      return config?.sign_up
        ? { result: 'ready' as const, row, username, config }
        : refuse(work, 'SIGN_UP_OFF');
    },
  });

  return {
    codeHash,
    isTaken,
    proven,
    refuse,

    /** Whether people may sign up for it: what hosted pages show to everyone. */
    offers: async (realmId: string, applicationId: string | null): Promise<boolean> =>
      (await configFor(db, realmId, applicationId)) !== undefined,

    /**
     * Somebody wants to sign up with an address. Nothing is looked up here: known and new addresses get the same answer
     * after the same work, and the mail tells the rest.
     */
    ask: command({
      name: 'sign-up.ask',
      scope: anyone,
      input: askInput,
      body: async (work, input) => {
        work.unchanged();
        const parsed = parseAddress(input.email);
        if (!parsed) throw invalid('This is not an e-mail address.', 'email');
        const addressKey = vault.seal(`sign-up ${work.ctx.realm.id} ${addressText(parsed).toLowerCase()}`);
        return begin(work, input, parsed, addressKey);
      },
    }),

    /** The code that was mailed, from the page that asked for it; five tries. */
    prove: command({
      name: 'sign-up.prove',
      scope: anyone,
      input: codeInput,
      body: async (work, input) => {
        const row = await queries.lockByToken(work.tx, work.ctx.realm.id, hashSecret(input.token));
        if (row?.proof !== 'CODE' || row.tries >= MOST_TRIES || row.expires_at <= now())
          return refuse(work, 'CODE_WRONG', row);
        if (row.status !== 'SENT' || !isRight(row, input.code)) {
          await queries.updateSignUp(work.tx, row, { tries: row.tries + 1 });
          return refuse(work, 'CODE_WRONG', row);
        }
        work.unchanged();
        const expires_at = secondsFromNow(LINK_SECONDS);
        await queries.updateSignUp(work.tx, row, { status: 'PROVEN', code_hash: null, expires_at });
        return { result: 'proven' as const };
      },
    }),

    /** What the holder of a proof is told. */
    open: command({
      name: 'sign-up.open',
      scope: anyone,
      input: tokenInput,
      body: async (work, input) => {
        work.unchanged();
        const row = await proven(work, input.token);
        if (!row) return refuse(work, 'SIGN_UP_INVALID');
        return { result: 'open' as const, email: row.address, expiresAt: row.expires_at };
      },
    }),

    /** Options for `navigator.credentials.create`, for an identity that does not exist yet. */
    async options(ctx: RealmCtx, input: unknown) {
      const found = await prepare(ctx, input);
      if (found.result === 'refused') return found;
      const { row, username, config } = found;
      const { displayName } = optionsInput.parse(input);
      const user = { id: row.identity_id, username, displayName };
      const made = await passkeys.registrationOptions(ctx.realm, user, row.id, config);
      return { result: 'options' as const, ...made };
    },

    purge: (): Promise<void> => queries.purge(db, now(), secondsFromNow(-DAY)),
  };
}

/** Whether addresses of this domain may sign up. */
export const isWelcome = (
  config: Pick<AuthenticatorConfigRow, 'sign_up_domains'>,
  address: Address,
): boolean => config.sign_up_domains?.some((one) => sameDomain(one, address)) ?? true;

/** However the list spells it. */
const sameDomain = (listed: string, { domain }: Address): boolean =>
  parseAddress(`x@${listed.replace(/^@/, '')}`)?.domain === domain;

import {
  type CompiledPolicy,
  compilePolicy,
  type Decision,
  describeRule,
  evaluate,
  explain,
  type Facts,
  type PolicyDocument,
  parsePolicy,
} from '@keyrealm/policy';
import { now } from '../../kernel/clock.js';
import type { Db, Tx, Work } from '../../kernel/command.js';
import { type RealmCtx, requireScope } from '../../kernel/context.js';
import { notFound } from '../../kernel/errors.js';
import { isId } from '../../kernel/ids.js';
import { browserOf, platformOf } from '../../kernel/user-agent.js';
import { consolePolicy, ordinaryPolicy } from './initial.js';
import {
  insertActive,
  insertVersion,
  type PolicyVersionRow,
  selectActive,
  selectActiveVersion,
  selectNames,
} from './policies.queries.js';

export type { PolicyVersionRow } from './policies.queries.js';

export interface PolicyOutcome {
  readonly outcome: 'ALLOW' | 'DENY';
  readonly ruleId: string;
  readonly policyVersion: number;
  /** What the rule that denied wants the person to read. */
  readonly message?: string;
}

/** Compiled versions kept; versions are immutable, so an entry is never stale. */
const KEPT = 1000;

export type PoliciesService = ReturnType<typeof createPoliciesService>;

export function createPoliciesService({ db }: { db: Db }) {
  const compiled = new Map<string, CompiledPolicy>();

  async function active(
    source: Db | Tx,
    realmId: string,
  ): Promise<{ version: number; policy: CompiledPolicy }> {
    const current = await selectActiveVersion(source, realmId);
    if (!current) throw new Error(`realm ${realmId} has no policy`);
    const version = current.active_version;
    const key = `${realmId}/${version}`;
    const kept = compiled.get(key);
    if (kept) return { version, policy: kept };
    const row = await selectActive(source, realmId);
    if (row?.version !== version) return active(source, realmId);
    const policy = compilePolicy(documentOf(row));
    if (compiled.size >= KEPT) compiled.delete(compiled.keys().next().value ?? '');
    compiled.set(key, policy);
    return { version, policy };
  }

  return {
    ordinaryPolicy,
    consolePolicy,

    /** The first version, with the realm itself. */
    async createInitial(tx: Tx, realmId: string, document: PolicyDocument): Promise<void> {
      await insertVersion(tx, {
        realm_id: realmId,
        version: 1,
        document: JSON.stringify(document),
        note: 'Made with the realm',
        created_by_name: 'Keyrealm',
      });
      await insertActive(tx, realmId, 1);
    },

    /** What every request tells by itself. Platform and browser are what it claims to be. */
    requestFacts: ({ ip, userAgent }: RealmCtx): Facts => ({
      'request.ip': ip ?? undefined,
      'request.platform': platformOf(userAgent)?.code,
      'request.browser': browserOf(userAgent)?.code,
      'request.time': now().toISOString(),
    }),

    /** Decides in the caller's transaction and keeps the facts, the version and every rule's result as an event. */
    async decide(work: Work, facts: Facts): Promise<PolicyOutcome> {
      const { version, policy } = await active(work.tx, work.ctx.realm.id);
      const { decision, rules } = explain(policy, facts);
      // Every ceremony here asks for user verification already: who was not verified has nothing to step up to.
      const outcome = decision.outcome === 'ALLOW' ? 'ALLOW' : 'DENY';
      work.record(
        'policy.evaluated',
        {
          transaction: facts['transaction.kind'] ?? 'UNKNOWN',
          policyVersion: version,
          ruleId: decision.ruleId,
          ruleName: decision.ruleName,
          monitored: [...decision.monitored],
          facts: plainFacts(facts),
          rules: rules.map((rule) => ({ id: rule.ruleId, name: rule.ruleName, result: rule.result })),
        },
        {
          outcome,
          subject: { kind: 'POLICY', id: work.ctx.realm.id, name: `Version ${version}` },
        },
      );
      return {
        outcome,
        ruleId: decision.ruleId,
        policyVersion: version,
        ...(decision.message === undefined ? {} : { message: decision.message }),
      };
    },

    /** Names of the active version's rules that refer to a thing of the realm by its id. */
    async rulesNaming(work: Work, id: string): Promise<string[]> {
      const row = await selectActive(work.tx, work.ctx.realm.id);
      if (!row) return [];
      const naming = documentOf(row).rules.filter((rule) => JSON.stringify(rule).includes(id));
      return naming.map((rule) => rule.name);
    },

    /** The same evaluator without an event, to answer "who could?". */
    async wouldDecide(source: Db | Tx, realmId: string, facts: Facts): Promise<Decision> {
      return evaluate((await active(source, realmId)).policy, facts);
    },

    /** The active version, each rule with its sentence. */
    async current(
      ctx: RealmCtx,
    ): Promise<{ row: PolicyVersionRow; document: PolicyDocument; sentences: string[] }> {
      requireScope(ctx, 'policies:read');
      const row = await selectActive(db, ctx.realm.id);
      if (!row) throw notFound('policy');
      const document = documentOf(row);
      const names = await selectNames(db, ctx.realm.id, idsIn(document));
      const sentences = document.rules.map((rule) => describeRule(rule, (id) => names.get(id)));
      return { row, document, sentences };
    },
  };
}

function documentOf(row: PolicyVersionRow): PolicyDocument {
  const parsed = parsePolicy(row.document);
  if ('problems' in parsed) throw new Error(`policy ${row.realm_id}/${row.version} can't be read`);
  return parsed.policy;
}

/** Whatever looks like an id of the realm, wherever it stands in the document. */
const idsIn = (document: PolicyDocument): string[] => [
  ...new Set((JSON.stringify(document).match(/[0-9a-f-]{36}/g) ?? []).filter(isId)),
];

const plainFacts = (facts: Facts): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(facts).map(([name, value]) => [name, value instanceof Set ? [...value] : value]),
  );

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Condition, Facts, PolicyDocument } from './index.js';
import { compilePolicy, describeRule, evaluate, explain, parsePolicy } from './index.js';

const GROUPS = ['g1', 'g2', 'g3'];
const IPS = ['10.1.2.3', '192.168.0.9', '2001:db8::5', 'not an address'];
const NETWORKS = ['10.0.0.0/8', '192.168.0.0/16', '2001:db8::/32'];

const comparison: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({
    fact: fc.constant('transaction.kind' as const),
    op: fc.constantFrom('is' as const, 'isNot' as const),
    value: fc.constantFrom('REGISTRATION' as const, 'AUTHENTICATION' as const),
  }),
  fc.record({
    fact: fc.constant('passkey.backedUp' as const),
    op: fc.constantFrom('is' as const, 'isNot' as const),
    value: fc.boolean(),
  }),
  fc.record({
    fact: fc.constant('identity.groups' as const),
    op: fc.constant('contains' as const),
    value: fc.constantFrom(...GROUPS),
  }),
  fc.record({
    fact: fc.constant('identity.groups' as const),
    op: fc.constant('containsAny' as const),
    value: fc.subarray(GROUPS),
  }),
  fc.record({
    fact: fc.constant('request.ip' as const),
    op: fc.constantFrom('inCidr' as const, 'notInCidr' as const),
    value: fc.subarray(NETWORKS),
  }),
  fc.record({
    fact: fc.constantFrom('passkey.backedUp' as const, 'identity.id' as const),
    op: fc.constant('exists' as const),
  }),
);

const { condition } = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 4 },
    comparison,
    fc.record({ all: fc.array(tie('condition'), { maxLength: 3 }) }),
    fc.record({ any: fc.array(tie('condition'), { maxLength: 3 }) }),
    fc.record({ none: fc.array(tie('condition'), { maxLength: 3 }) }),
  ),
}));

const policy: fc.Arbitrary<PolicyDocument> = fc
  .array(
    fc.record({
      enabled: fc.boolean(),
      action: fc.constantFrom('ALLOW' as const, 'DENY' as const, 'MONITOR' as const, 'STEP_UP' as const),
      condition,
    }),
    { maxLength: 5 },
  )
  .map((rules) => ({
    format: 1 as const,
    rules: rules.map((rule, index) => ({
      ...rule,
      id: `r${index}`,
      name: `Rule ${index}`,
      action: { type: rule.action },
    })),
  }));

const facts: fc.Arbitrary<Facts> = fc.record(
  {
    'transaction.kind': fc.constantFrom('REGISTRATION' as const, 'AUTHENTICATION' as const),
    'passkey.backedUp': fc.boolean(),
    'passkey.userVerified': fc.boolean(),
    'identity.id': fc.constant('i1'),
    'identity.groups': fc.subarray(GROUPS).map((groups) => new Set(groups)),
    'request.ip': fc.constantFrom(...IPS),
  },
  { requiredKeys: [] },
);

/** Read straight from the language's definition: undefined is "neither true nor false". */
function oracle(tree: Condition, known: Facts): boolean | undefined {
  if ('all' in tree)
    return kleene(
      tree.all.map((child) => oracle(child, known)),
      false,
    );
  if ('any' in tree)
    return kleene(
      tree.any.map((child) => oracle(child, known)),
      true,
    );
  if ('none' in tree) {
    const any = kleene(
      tree.none.map((child) => oracle(child, known)),
      true,
    );
    return any === undefined ? undefined : !any;
  }
  const actual = known[tree.fact];
  if (tree.op === 'exists') return actual !== undefined;
  if (actual === undefined || actual === 'not an address') return undefined;
  switch (tree.op) {
    case 'is':
      return actual === tree.value;
    case 'isNot':
      return actual !== tree.value;
    case 'contains':
      return (actual as ReadonlySet<string>).has(tree.value);
    case 'containsAny':
      return tree.value.some((value) => (actual as ReadonlySet<string>).has(value));
    default: {
      const home =
        { '10.1.2.3': '10.0.0.0/8', '192.168.0.9': '192.168.0.0/16', '2001:db8::5': '2001:db8::/32' }[
          String(actual)
        ] ?? '';
      const inside = (tree.value as readonly string[]).includes(home);
      return tree.op === 'inCidr' ? inside : !inside;
    }
  }
}

function kleene(results: (boolean | undefined)[], decisive: boolean): boolean | undefined {
  if (results.includes(decisive)) return decisive;
  return results.includes(undefined) ? undefined : !decisive;
}

function decideByOracle(document: PolicyDocument, known: Facts): string {
  for (const rule of document.rules) {
    const { type } = rule.action;
    if (!rule.enabled || type === 'MONITOR' || (type === 'STEP_UP' && known['passkey.userVerified']))
      continue;
    const result = oracle(rule.condition, known);
    if (result === true || (result === undefined && type !== 'ALLOW'))
      return `${rule.action.type} ${rule.id}`;
  }
  return 'DENY default';
}

describe('policy', () => {
  it('decides as the definition of the language says', () => {
    fc.assert(
      fc.property(policy, facts, (document, known) => {
        const decision = evaluate(compilePolicy(document), known);
        expect(`${decision.outcome} ${decision.ruleId}`).toBe(decideByOracle(document, known));
      }),
      { numRuns: 2000 },
    );
  });

  it('explains exactly what it decides', () => {
    fc.assert(
      fc.property(policy, facts, (document, known) => {
        const compiled = compilePolicy(document);
        expect(explain(compiled, known).decision).toEqual(evaluate(compiled, known));
      }),
    );
  });

  it('reads back what it wrote', () => {
    fc.assert(
      fc.property(policy, (document) => {
        expect(parsePolicy(JSON.parse(JSON.stringify(document)))).toEqual({ policy: document });
      }),
    );
  });

  it('never throws on hostile JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const wrapped = {
          format: 1,
          rules: [{ id: 'a', name: 'b', enabled: true, action: { type: 'ALLOW' }, condition: value }],
        };
        parsePolicy(value);
        parsePolicy(wrapped);
      }),
    );
  });

  it.each([
    ['an unknown key', { format: 1, rules: [], extra: 1 }, ['extra']],
    ['a prototype key', JSON.parse('{"format":1,"rules":[],"__proto__":{"a":1}}'), ['__proto__']],
    [
      'an unknown fact',
      ruleWith({ fact: 'toString', op: 'is', value: 'x' }),
      ['rules', 0, 'condition', 'fact'],
    ],
    [
      'an operator of another fact',
      ruleWith({ fact: 'passkey.backedUp', op: 'inCidr', value: [] }),
      ['rules', 0, 'condition', 'op'],
    ],
    [
      'a misspelt value',
      ruleWith({ fact: 'transaction.kind', op: 'is', value: 'REGISTRATON' }),
      ['rules', 0, 'condition', 'value'],
    ],
    ['two joins at once', ruleWith({ all: [], any: [] }), ['rules', 0, 'condition', 'all']],
  ])('refuses %s and says where', (_, json, path) => {
    const parsed = parsePolicy(json);
    expect('problems' in parsed && parsed.problems[0]?.path).toEqual(path);
  });

  it('refuses a condition deeper than the limit', () => {
    let tree: unknown = { all: [] };
    for (let level = 0; level < 30; level++) tree = { any: [tree] };
    expect(parsePolicy(ruleWith(tree))).toMatchObject({ problems: [{ code: 'TOO_LARGE' }] });
  });

  it('denies when a deny rule can not be decided, and passes over an allow rule that can not', () => {
    const undecided = { fact: 'passkey.backedUp', op: 'is', value: true } as const;
    const document = (type: 'ALLOW' | 'DENY'): PolicyDocument => ({
      format: 1,
      rules: [
        { id: 'first', name: 'First', enabled: true, action: { type }, condition: undecided },
        { id: 'last', name: 'Last', enabled: true, action: { type: 'ALLOW' }, condition: { all: [] } },
      ],
    });
    expect(evaluate(compilePolicy(document('DENY')), {})).toMatchObject({ outcome: 'DENY', ruleId: 'first' });
    expect(evaluate(compilePolicy(document('ALLOW')), {})).toMatchObject({
      outcome: 'ALLOW',
      ruleId: 'last',
    });
  });

  it('says a rule as a sentence', () => {
    const parsed = parsePolicy(
      ruleWith({
        all: [
          { fact: 'transaction.kind', op: 'is', value: 'AUTHENTICATION' },
          { fact: 'identity.groups', op: 'contains', value: 'g1' },
        ],
      }),
    );
    const rule = 'policy' in parsed ? parsed.policy.rules[0] : undefined;
    expect(rule && describeRule(rule, (id) => (id === 'g1' ? 'Operators' : undefined))).toBe(
      'Allow if the transaction is a sign-in and the identity is in the group Operators.',
    );
  });
});

function ruleWith(tree: unknown): unknown {
  return {
    format: 1,
    rules: [{ id: 'a', name: 'A', enabled: true, action: { type: 'ALLOW' }, condition: tree }],
  };
}

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyFacts, anyPolicy } from '../testing/arbitraries.js';
import {
  type Condition,
  checkPolicy,
  compilePolicy,
  evaluate,
  explain,
  type Rule,
  type World,
} from './index.js';

const MODEL = '01020304-0506-0708-0102-030405060708';

const rule = (condition: Condition, more: Partial<Rule> = {}): Rule => ({
  id: 'first',
  name: 'First',
  enabled: true,
  action: { type: 'ALLOW' },
  condition,
  ...more,
});

const ANYTHING: Condition = { all: [] };
const allowAll = rule(ANYTHING, { id: 'last', name: 'Last' });
const deny = { action: { type: 'DENY' } } as const;

const WORLD: World = {
  groups: new Set(['g']),
  applications: new Set(['app']),
  authenticatorConfigs: new Set(['config']),
  identities: new Set(['me']),
  attributes: { team: 'text', level: 'number', tags: 'textSet', flag: 'boolean' },
  now: '2026-11-25T00:00:00Z',
};

const found = (rules: unknown[], lists?: unknown) =>
  checkPolicy({ format: 1, rules, ...(lists === undefined ? {} : { lists }) }, WORLD).map(
    ({ code, path }) => `${code} ${path.join('.')}`,
  );

const is = { fact: 'transaction.kind', op: 'is' } as const;
const signIn: Condition = { ...is, value: 'AUTHENTICATION' };
const registration: Condition = { ...is, value: 'REGISTRATION' };
const inGroup: Condition = { fact: 'identity.groups', op: 'contains', value: 'g' };
const inNetworks = (...value: string[]): Condition => ({ fact: 'request.ip', op: 'inCidr', value });
const age = (op: 'atLeast' | 'atMost', value: number): Condition => ({ fact: 'passkey.ageDays', op, value });
const hours = { from: '09:00', to: '17:00', zone: 'Europe/Berlin' };
const within = (more: object): Condition => ({
  fact: 'request.time',
  op: 'within',
  value: { ...hours, ...more },
});
const C = 'rules.0.condition';

describe('values that nothing has', () => {
  it.each<[string, Condition, string]>([
    [
      'a group that is gone',
      { fact: 'identity.groups', op: 'containsAny', value: ['g', 'h'] },
      `UNKNOWN_REFERENCE ${C}.value.1`,
    ],
    [
      'an application',
      { all: [{ fact: 'application.id', op: 'is', value: 'x' }] },
      `UNKNOWN_REFERENCE ${C}.all.0.value`,
    ],
    ['an identity', { fact: 'identity.id', op: 'is', value: 'you' }, `UNKNOWN_REFERENCE ${C}.value`],
    ['a config', { fact: 'authenticatorConfig.id', op: 'isNot', value: 'x' }, `UNKNOWN_REFERENCE ${C}.value`],
    ['a country', { fact: 'request.country', op: 'in', value: ['NO', 'XX'] }, `BAD_COUNTRY ${C}.value.1`],
    ['a network', inNetworks('10.0.0.0/33'), `BAD_NETWORK ${C}.value.0`],
    ['a network with the address of a host', inNetworks('10.0.0.5/8'), `HOST_BITS ${C}.value.0`],
    [
      'a model',
      { fact: 'passkey.aaguid', op: 'is', value: MODEL.toUpperCase().replace('0102', '010A') },
      `BAD_MODEL ${C}.value`,
    ],
    ['a zone', within({ zone: 'Europe/Bonn' }), `BAD_ZONE ${C}.value.zone`],
    ['a list', { fact: 'request.ip', op: 'inCidr', value: { list: 'x' } }, `UNKNOWN_LIST ${C}.value`],
    [
      'an attribute',
      { fact: 'identity.attributes.Team', op: 'is', value: 'a' },
      `UNKNOWN_ATTRIBUTE ${C}.fact`,
    ],
    [
      'the type of an attribute',
      { fact: 'identity.attributes.level', op: 'is', value: '5' },
      `WRONG_ATTRIBUTE_TYPE ${C}.value`,
    ],
    [
      'the operator of an attribute',
      { fact: 'identity.attributes.tags', op: 'matches', value: '5' },
      `WRONG_ATTRIBUTE_TYPE ${C}.value`,
    ],
  ])('finds %s', (_, condition, finding) => {
    expect(found([rule(condition), allowAll])).toEqual([finding]);
  });

  it('finds what is wrong with named lists', () => {
    const lists = {
      office: { type: 'NETWORKS', values: ['10.0.0.0/8', 'x'] },
      near: { type: 'COUNTRIES', values: ['NO'] },
    };
    const condition: Condition = { fact: 'request.ip', op: 'inCidr', value: { list: 'near' } };
    expect(found([rule(condition), allowAll], lists)).toEqual([
      `WRONG_LIST_TYPE ${C}.value`,
      'UNUSED_LIST lists.office',
      'BAD_NETWORK lists.office.values.1',
    ]);
  });

  it('finds rules that can not be read, each of them, and does not throw at anything', () => {
    expect(found([{ ...rule(ANYTHING), condition: { fact: 'x' } }, allowAll, 5])).toEqual([
      `CANNOT_READ ${C}.fact`,
      'CANNOT_READ rules.2',
    ]);
    fc.assert(
      fc.property(fc.jsonValue(), (json) => {
        expect(checkPolicy(json, WORLD)).not.toEqual([]);
      }),
    );
  });

  it('finds two rules of one id, and one with the id of the last word', () => {
    expect(found([rule(signIn), rule(registration), rule(inGroup, { id: 'default' })])).toEqual([
      'DUPLICATE_ID rules.1.id',
      'DUPLICATE_ID rules.2.id',
    ]);
  });

  it('has nothing to say of a good policy', () => {
    const office: Condition = { fact: 'request.ip', op: 'inCidr', value: { list: 'office' } };
    const lists = { office: { type: 'NETWORKS', values: ['10.0.0.0/8'] } };
    expect(found([rule({ all: [signIn, inGroup, office] }), rule(registration, { id: 'r' })], lists)).toEqual(
      [],
    );
  });
});

describe('rules that never match', () => {
  it.each<[string, Condition, string]>([
    ['two values at once', { all: [signIn, registration] }, C],
    [
      'two values, one of them deeper',
      { all: [inGroup, { all: [signIn, { none: [signIn] }] }] },
      `${C}.all.1`,
    ],
    ['nothing to be one of', { fact: 'application.id', op: 'in', value: [] }, C],
    ['every value forbidden', { none: [{ ...is, op: 'in', value: ['REGISTRATION', 'AUTHENTICATION'] }] }, C],
    [
      'a flag that is yes and no',
      {
        all: [
          { fact: 'history.newIp', op: 'is', value: true },
          { fact: 'history.newIp', op: 'isNot', value: true },
        ],
      },
      C,
    ],
    ['numbers apart', { all: [age('atLeast', 5), age('atMost', 4.5)] }, C],
    ['a number that is below itself', { all: [age('atLeast', 5), { none: [age('atLeast', 5)] }] }, C],
    [
      'times apart',
      {
        all: [
          { fact: 'passkey.lastUsed', op: 'before', value: '2026-01-01T00:00:00Z' },
          { fact: 'passkey.lastUsed', op: 'after', value: '2026-01-01T00:00:00Z' },
        ],
      },
      C,
    ],
    ['networks apart', { all: [inNetworks('10.0.0.0/8', '11.0.0.0/8'), inNetworks('12.0.0.0/8')] }, C],
    [
      'networks within forbidden ones',
      { all: [inNetworks('10.1.0.0/16'), { fact: 'request.ip', op: 'notInCidr', value: ['10.0.0.0/8'] }] },
      C,
    ],
    [
      'a group in and out',
      { all: [inGroup, { none: [{ fact: 'identity.groups', op: 'containsAny', value: ['g', 'g'] }] }] },
      C,
    ],
    ['hours apart', { all: [within({ days: ['MON'] }), within({ days: ['TUE', 'WED'] })] }, C],
    [
      'missing and compared',
      { all: [age('atLeast', 1), { none: [{ fact: 'passkey.ageDays', op: 'exists' }] }] },
      C,
    ],
    ['a fact of another kind of transaction', { all: [registration, age('atLeast', 1)] }, C],
    [
      'facts of two kinds',
      {
        all: [
          { fact: 'transaction.bindingLink', op: 'is', value: true },
          { fact: 'application.id', op: 'is', value: 'app' },
        ],
      },
      C,
    ],
    ['any of what can not be', { any: [{ any: [] }, { all: [signIn, registration] }] }, `${C}.any.0`],
    ['not what always is', { none: [inGroup, ANYTHING] }, `${C}.none.1`],
    [
      'a text that the pattern does not fit',
      {
        all: [
          { fact: 'identity.attributes.team', op: 'in', value: ['a', 'b'] },
          { fact: 'identity.attributes.team', op: 'matches', value: 'c*' },
        ],
      },
      C,
    ],
  ])('finds %s', (_, condition, path) => {
    expect(found([rule(condition), allowAll])).toEqual([`NEVER_MATCHES ${path}`]);
  });

  it('says of a strict rule that missing facts still make it match', () => {
    expect(found([rule({ all: [signIn, registration] }, deny), allowAll])).toEqual([
      `MATCHES_WITHOUT_FACT ${C}`,
    ]);
  });

  it('says that a strict rule matches wherever its fact is never known', () => {
    const condition: Condition = { all: [inGroup, { fact: 'application.id', op: 'is', value: 'app' }] };
    expect(found([rule(condition, deny), allowAll])).toEqual([`MATCHES_WITHOUT_FACT ${C}.all.1`]);
    expect(found([rule({ all: [signIn, condition] }, deny), allowAll])).toEqual([]);
  });

  it('says that a report has ended, and that nothing is allowed', () => {
    const ended = rule(inGroup, { ...deny, reportOnlyUntil: '2026-11-25T00:00:00Z' });
    expect(found([ended])).toEqual(['REPORT_ONLY_ENDED rules.0.reportOnlyUntil', 'NOTHING_ALLOWED rules']);
  });
});

describe('rules that are never reached', () => {
  it.each<[string, Condition, Condition]>([
    ['everything', ANYTHING, inGroup],
    ['the same', inGroup, inGroup],
    ['less is asked', inGroup, { all: [signIn, inGroup] }],
    ['more is accepted', { any: [inGroup, signIn] }, inGroup],
    [
      'one of more values',
      { fact: 'application.id', op: 'in', value: ['app', 'x'] },
      { fact: 'application.id', op: 'is', value: 'app' },
    ],
    ['a larger network', inNetworks('10.0.0.0/8'), inNetworks('10.1.0.0/16', '10.2.0.0/16')],
    ['a lower bound', age('atLeast', 3), { all: [age('atLeast', 4), inGroup] }],
    ['less is forbidden', { none: [inGroup] }, { none: [inGroup, signIn] }],
    ['more groups', { fact: 'identity.groups', op: 'containsAny', value: ['g', 'h'] }, inGroup],
  ])('finds them after a rule where %s', (_, first, second) => {
    expect(found([rule(first, deny), rule(second, { id: 'second' })])).toContain('NEVER_REACHED rules.1');
    expect(found([rule(first), rule(second, { id: 'second' })]).join()).toContain('NEVER_REACHED rules.1');
  });

  it.each<[string, Partial<Rule>]>([
    ['is switched off', { enabled: false }],
    ['only monitors', { action: { type: 'MONITOR' } }],
    ['only reports', { reportOnlyUntil: '2027-01-01T00:00:00Z' }],
    ['steps up', { action: { type: 'STEP_UP' } }],
  ])('finds none after a rule that %s', (_, more) => {
    expect(found([rule(ANYTHING, more), allowAll])).toEqual([]);
  });

  it('calls a stricter rule shadowed, since it still has its say where facts are missing', () => {
    expect(found([rule(inGroup), rule(inGroup, { ...deny, id: 'second' })])).toEqual(['SHADOWED rules.1']);
  });

  it('never calls a rule dead that decides', () => {
    fc.assert(
      fc.property(anyPolicy, fc.array(anyFacts, { minLength: 5, maxLength: 5 }), (policy, many) => {
        const dead = new Set(
          checkPolicy(policy)
            .filter(({ code }) => code === 'NEVER_REACHED' || code === 'NEVER_MATCHES')
            .map(({ path }) => policy.rules[Number(path[1])]?.id),
        );
        for (const facts of many) {
          const compiled = compilePolicy(policy);
          expect(dead).not.toContain(evaluate(compiled, facts).ruleId);
          for (const { ruleId, result } of explain(compiled, facts).rules)
            if (result === 'MATCHED') expect(dead).not.toContain(ruleId);
        }
      }),
      { numRuns: 3000 },
    );
  });

  it('compares 500 rules with each other within bounds', () => {
    const many = Array.from({ length: 500 }, (_, index) =>
      rule(
        { all: [signIn, age('atLeast', 1000 - index), inNetworks(`10.${index % 250}.0.0/16`)] },
        { id: `r${index}` },
      ),
    );
    const started = performance.now();
    expect(found(many)).toEqual([]);
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});

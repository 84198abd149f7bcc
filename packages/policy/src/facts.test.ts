import { describe, expect, it } from 'vitest';
import type { Condition, Facts, PolicyDocument, Rule } from './index.js';
import {
  compilePolicy,
  describeCondition,
  describeRule,
  evaluate,
  explain,
  parsePolicy,
  redact,
} from './index.js';

const MONDAY_NOON = '2026-11-23T12:00:00Z';

const rule = (condition: Condition, more: Partial<Rule> = {}): Rule => ({
  id: 'first',
  name: 'First',
  enabled: true,
  action: { type: 'ALLOW' },
  condition,
  ...more,
});

const LISTS: NonNullable<PolicyDocument['lists']> = {
  office: { type: 'NETWORKS', values: ['10.0.0.0/8', '2001:db8::/32'] },
  near: { type: 'COUNTRIES', values: ['DE', 'NO'] },
  keys: { type: 'MODELS', values: ['01020304-0506-0708-0102-030405060708'] },
};

const policyOf = (...rules: Rule[]): PolicyDocument => ({ format: 1, rules, lists: LISTS });

function truthOf(condition: Condition, facts: Facts) {
  return explain(compilePolicy(policyOf(rule(condition))), facts).rules[0]?.condition.result;
}

const text = (fact: string) => `identity.attributes.${fact}` as const;
const hours = { from: '09:00', to: '17:00', zone: 'Europe/Berlin' };
const night = { days: ['FRI'], from: '22:00', to: '06:00', zone: 'Europe/Berlin' } as const;
const at = (time: string): Facts => ({ 'request.time': time });

/** Condition, facts, result, sentence. */
const CASES: [Condition, Facts, string, string][] = [
  [
    { fact: 'application.id', op: 'in', value: ['a', 'b'] },
    { 'application.id': 'b' },
    'TRUE',
    'the application is one of a or b',
  ],
  [
    { fact: 'application.id', op: 'notIn', value: ['a', 'b', 'c'] },
    { 'application.id': 'b' },
    'FALSE',
    'the application is not one of a, b or c',
  ],
  [
    { fact: 'identity.groups', op: 'containsAny', value: ['g', 'h'] },
    { 'identity.groups': new Set(['h']) },
    'TRUE',
    'the identity is in one of the groups g or h',
  ],
  [
    { fact: text('team'), op: 'is', value: 'red' },
    { [text('team')]: 'red' },
    'TRUE',
    'the attribute team is "red"',
  ],
  [
    { fact: text('team'), op: 'isNot', value: 'red' },
    { [text('team')]: 5 },
    'UNKNOWN',
    'the attribute team is not "red"',
  ],
  [
    { fact: text('team'), op: 'in', value: ['red', 7] },
    { [text('team')]: 7 },
    'TRUE',
    'the attribute team is one of "red" or 7',
  ],
  [
    { fact: text('team'), op: 'notIn', value: ['red'] },
    { [text('team')]: 'blue' },
    'TRUE',
    'the attribute team is not one of "red"',
  ],
  [
    { fact: text('flag'), op: 'is', value: true },
    { [text('flag')]: false },
    'FALSE',
    'the attribute flag is yes',
  ],
  [
    { fact: text('level'), op: 'atLeast', value: 3 },
    { [text('level')]: 3 },
    'TRUE',
    'the attribute level is at least 3',
  ],
  [
    { fact: text('level'), op: 'atMost', value: 2.5 },
    { [text('level')]: '2' },
    'UNKNOWN',
    'the attribute level is at most 2.5',
  ],
  [
    { fact: text('tags'), op: 'contains', value: 'x' },
    { [text('tags')]: new Set(['x']) },
    'TRUE',
    'the attribute tags contains "x"',
  ],
  [
    { fact: text('team'), op: 'matches', value: 'eng*-*x' },
    { [text('team')]: 'engine-max' },
    'TRUE',
    'the attribute team is like "eng*-*x"',
  ],
  [
    { fact: text('team'), op: 'matches', value: 'ab*ba' },
    { [text('team')]: 'aba' },
    'FALSE',
    'the attribute team is like "ab*ba"',
  ],
  [
    { fact: text('team'), op: 'matches', value: 'a*b*c' },
    { [text('team')]: 'acb' },
    'FALSE',
    'the attribute team is like "a*b*c"',
  ],
  [
    { fact: 'passkey.deviceBound', op: 'isNot', value: false },
    { 'passkey.deviceBound': true },
    'TRUE',
    'the passkey is bound to one device',
  ],
  [
    { fact: 'passkey.ageDays', op: 'atMost', value: 30 },
    { 'passkey.ageDays': 31 },
    'FALSE',
    'the age of the passkey in days is at most 30',
  ],
  [
    { fact: 'passkey.lastUsed', op: 'before', value: '2026-01-01T00:00:00+01:00' },
    { 'passkey.lastUsed': '2025-12-31T22:59:59.999Z' },
    'TRUE',
    'the last use of the passkey is before 2026-01-01T00:00:00+01:00',
  ],
  [
    { fact: 'identity.enrolledSince', op: 'after', value: MONDAY_NOON },
    { 'identity.enrolledSince': MONDAY_NOON },
    'FALSE',
    `the first passkey of the identity is after ${MONDAY_NOON}`,
  ],
  [
    { fact: 'identity.enrolledSince', op: 'after', value: MONDAY_NOON },
    { 'identity.enrolledSince': 'yesterday' },
    'UNKNOWN',
    `the first passkey of the identity is after ${MONDAY_NOON}`,
  ],
  [
    { fact: 'request.ip', op: 'inCidr', value: { list: 'office' } },
    { 'request.ip': '10.9.9.9' },
    'TRUE',
    'the IP address is in the networks of the list office',
  ],
  [
    { fact: 'request.ip', op: 'notInCidr', value: ['10.0.0.0/8'] },
    { 'request.ip': '11.0.0.1' },
    'TRUE',
    'the IP address is not in the network 10.0.0.0/8',
  ],
  [
    { fact: 'request.ip', op: 'inCidr', value: { list: 'near' } },
    { 'request.ip': '10.9.9.9' },
    'UNKNOWN',
    'the IP address is in the networks of the list near',
  ],
  [
    { fact: 'request.country', op: 'notIn', value: { list: 'near' } },
    { 'request.country': 'FR' },
    'TRUE',
    'the country is not in the list near',
  ],
  [
    { fact: 'request.country', op: 'notIn', value: { list: 'gone' } },
    { 'request.country': 'FR' },
    'UNKNOWN',
    'the country is not in the list gone',
  ],
  [
    { fact: 'passkey.aaguid', op: 'in', value: { list: 'keys' } },
    { 'passkey.aaguid': '01020304-0506-0708-0102-030405060708' },
    'TRUE',
    'the model of the authenticator is in the list keys',
  ],
  [
    { fact: 'request.platform', op: 'is', value: 'IPADOS' },
    { 'request.platform': 'IOS' },
    'FALSE',
    'the platform is iPadOS',
  ],
  [
    { fact: 'request.time', op: 'within', value: hours },
    at('2026-11-23T08:00:00Z'),
    'TRUE',
    'the time is between 09:00 and 17:00 (Europe/Berlin)',
  ],
  [
    { fact: 'request.time', op: 'within', value: hours },
    at('2026-07-23T15:00:00Z'),
    'FALSE',
    'the time is between 09:00 and 17:00 (Europe/Berlin)',
  ],
  [
    { fact: 'request.time', op: 'notWithin', value: hours },
    at('2026-07-23T06:59:59Z'),
    'TRUE',
    'the time is not between 09:00 and 17:00 (Europe/Berlin)',
  ],
  [
    { fact: 'request.time', op: 'within', value: night },
    at('2026-11-28T04:59:00Z'),
    'TRUE',
    'the time is between 22:00 and 06:00 of the next day on Friday (Europe/Berlin)',
  ],
  [
    { fact: 'request.time', op: 'within', value: night },
    at('2026-11-27T04:59:00Z'),
    'FALSE',
    'the time is between 22:00 and 06:00 of the next day on Friday (Europe/Berlin)',
  ],
  [
    { fact: 'request.time', op: 'within', value: { ...hours, zone: 'Mars/Olympus' } },
    at(MONDAY_NOON),
    'UNKNOWN',
    'the time is between 09:00 and 17:00 (Mars/Olympus)',
  ],
  [
    { fact: 'request.time', op: 'within', value: { ...hours, to: '09:00' } },
    at(MONDAY_NOON),
    'FALSE',
    'the time is between 09:00 and 09:00 (Europe/Berlin)',
  ],
  [
    { fact: 'history.failuresInHour', op: 'atLeast', value: 5 },
    { 'history.failuresInHour': 5 },
    'TRUE',
    'the number of failures in an hour is at least 5',
  ],
  [
    { fact: 'history.newIp', op: 'exists' },
    {},
    'FALSE',
    'it is known whether the IP address is new for the identity',
  ],
  [
    { none: [{ fact: 'history.newDevice', op: 'is', value: true }] },
    {},
    'UNKNOWN',
    'it is not so that the device is new for the identity',
  ],
];

describe('facts and operators', () => {
  it.each(CASES)('%j with %j is %s', (condition, facts, result) => {
    expect(truthOf(condition, facts)).toBe(result);
  });

  it.each(CASES)('says %j as a phrase', (condition, _facts, _result, sentence) => {
    expect(describeCondition(condition)).toBe(sentence);
  });

  it('reads every one of them back as it was', () => {
    const document = policyOf(...CASES.map(([condition], index) => rule(condition, { id: `r${index}` })));
    expect(parsePolicy(JSON.parse(JSON.stringify(document)))).toEqual({ policy: document });
  });

  it('tells an explanation apart from what it says of a person', () => {
    const condition: Condition = {
      all: [
        { fact: 'request.ip', op: 'inCidr', value: ['10.0.0.0/8'] },
        { fact: 'passkey.ageDays', op: 'atMost', value: 30 },
      ],
    };
    const known = { 'request.ip': '10.0.0.1', 'passkey.ageDays': 3 };
    const explained = explain(compilePolicy(policyOf(rule(condition))), known).rules[0]?.condition;
    expect(explained).toMatchObject({ children: [{ actual: '10.0.0.1', isPersonal: true }, { actual: 3 }] });
    expect(JSON.stringify(explained && redact(explained))).not.toContain('10.0.0.1');
    expect(explained && redact(explained)).toMatchObject({ children: [{ result: 'TRUE' }, { actual: 3 }] });
  });

  it.each([
    ['a day that is not there', { fact: 'request.time', op: 'before', value: '2026-02-30T00:00:00Z' }],
    ['a time without its offset', { fact: 'request.time', op: 'before', value: '2026-02-03T00:00:00' }],
    ['an hour that is not there', { fact: 'request.time', op: 'within', value: { ...hours, to: '24:01' } }],
    ['a day that nobody knows', { fact: 'request.time', op: 'within', value: { ...hours, days: ['MO'] } }],
    ['a number as text', { fact: 'passkey.ageDays', op: 'atLeast', value: '5' }],
    ['a number beyond what a number can hold', { fact: 'passkey.ageDays', op: 'atLeast', value: 2 ** 60 }],
    ['an attribute that can not be', { fact: 'identity.attributes.a.b', op: 'exists' }],
    ['a list of a fact that takes none', { fact: 'identity.status', op: 'in', value: { list: 'office' } }],
    ['more stars than the limit', { fact: 'identity.attributes.a', op: 'matches', value: '*'.repeat(9) }],
    ['half of a character', { fact: 'identity.attributes.a', op: 'is', value: '\ud800' }],
  ])('refuses %s', (_, condition) => {
    expect(parsePolicy({ format: 1, rules: [{ ...rule({ all: [] }), condition }] })).toHaveProperty(
      'problems',
    );
  });

  it('tells the fault of every rule at once', () => {
    const bad = { ...rule({ all: [] }), condition: { fact: 'x' } };
    const parsed = parsePolicy({ format: 1, rules: [bad, rule({ all: [] }), bad] });
    expect('problems' in parsed && parsed.problems.map(({ path }) => path[1])).toEqual([0, 2]);
  });
});

describe('stepping up', () => {
  const steps = rule(
    { fact: 'history.newIp', op: 'is', value: true },
    { id: 'step', action: { type: 'STEP_UP' } },
  );
  const policy = compilePolicy(policyOf(steps, rule({ all: [] }, { id: 'last' })));

  it.each([
    ['ends the evaluation where the user was not verified', { 'history.newIp': true }, 'STEP_UP', 'step'],
    ['steps up where the fact is missing', {}, 'STEP_UP', 'step'],
    [
      'goes on where the user was verified',
      { 'history.newIp': true, 'passkey.userVerified': true },
      'ALLOW',
      'last',
    ],
    ['does not ask where its condition is false', { 'history.newIp': false }, 'ALLOW', 'last'],
  ])('%s', (_, facts, outcome, ruleId) => {
    expect(evaluate(policy, facts)).toMatchObject({ outcome, ruleId });
    expect(explain(policy, facts).decision).toEqual(evaluate(policy, facts));
  });

  it('never allows by itself', () => {
    expect(
      evaluate(compilePolicy(policyOf(steps)), { 'history.newIp': true, 'passkey.userVerified': true }),
    ).toMatchObject({
      outcome: 'DENY',
      ruleId: 'default',
    });
  });
});

describe('a rule that only reports', () => {
  const reports = rule(
    { all: [] },
    { id: 'deny', action: { type: 'DENY' }, reportOnlyUntil: '2026-12-01T00:00:00Z' },
  );
  const policy = compilePolicy(policyOf(reports, rule({ all: [] }, { id: 'last' })));

  it.each([
    ['until its day', '2026-11-30T23:59:59.999Z', ['deny'], 'REPORTED'],
    ['no longer from its day on', '2026-12-01T00:00:00.000Z', [], 'ENDED'],
    ['where the time is not known', undefined, ['deny'], 'REPORTED'],
  ])('records what it would do, and decides nothing, %s', (_, time, monitored, result) => {
    const facts = time === undefined ? {} : at(time);
    expect(evaluate(policy, facts)).toEqual({
      outcome: 'ALLOW',
      ruleId: 'last',
      ruleName: 'First',
      monitored,
    });
    expect(explain(policy, facts).rules[0]?.result).toBe(result);
  });

  it('says so', () => {
    expect(describeRule(reports)).toBe('Only report until 2026-12-01T00:00:00Z: deny always.');
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyPolicy } from '../testing/arbitraries.js';
import { type Condition, checkPolicy, type PolicyDocument } from './index.js';
import { fromText, TEXT_LIMITS, toText } from './text.js';

const RUNS = 10_000;

const policyWith = (condition: Condition): PolicyDocument => ({
  format: 1,
  rules: [{ id: 'a', name: 'A', enabled: true, action: { type: 'ALLOW' }, condition }],
});

const textWith = (condition: string): string => `rule "a" "A" {\n  allow if\n    ${condition}\n}\n`;

const read = (text: string) => {
  const result = fromText(text);
  return 'policy' in result ? result.policy : result.problems;
};

const failuresOf = (text: string) => {
  const result = fromText(text);
  return 'problems' in result ? result.problems : [];
};

const groups: Condition = { fact: 'identity.groups', op: 'contains', value: 'g' };
const backedUp: Condition = { fact: 'passkey.backedUp', op: 'is', value: true };
const country: Condition = { fact: 'request.country', op: 'in', value: ['DE'] };

describe('the text form', () => {
  it('is read back without loss', { timeout: 240_000 }, () => {
    fc.assert(
      fc.property(anyPolicy, (policy) => {
        expect(read(toText(policy))).toEqual(policy);
      }),
      { numRuns: RUNS },
    );
  });

  it('says the same a second time', () => {
    fc.assert(
      fc.property(anyPolicy, (policy) => {
        const text = toText(policy);
        const again = fromText(text);
        expect('policy' in again && toText(again.policy)).toBe(text);
      }),
      { numRuns: 300 },
    );
  });

  it.each<[string, Condition]>([
    [
      'identity.groups.containsAny(["g", "h"])',
      { fact: 'identity.groups', op: 'containsAny', value: ['g', 'h'] },
    ],
    ['"g" in identity.groups && passkey.backedUp', { all: [groups, backedUp] }],
    [
      '("g" in identity.groups || passkey.backedUp) && passkey.backedUp',
      { all: [{ any: [groups, backedUp] }, backedUp] },
    ],
    [
      'all(["g" in identity.groups, passkey.backedUp]) && passkey.backedUp',
      { all: [{ all: [groups, backedUp] }, backedUp] },
    ],
    ['!("g" in identity.groups || passkey.backedUp)', { none: [groups, backedUp] }],
    ['!any(["g" in identity.groups, passkey.backedUp])', { none: [{ any: [groups, backedUp] }] }],
    ['!("g" in identity.groups)', { none: [groups] }],
    ['!passkey.backedUp', { fact: 'passkey.backedUp', op: 'is', value: false }],
    ['none([passkey.backedUp])', { none: [backedUp] }],
    ['!(request.country in ["DE"])', { fact: 'request.country', op: 'notIn', value: ['DE'] }],
    ['none([request.country in ["DE"]])', { none: [country] }],
    ['!none([request.country in ["DE"]])', { none: [{ none: [country] }] }],
    ['request.country in lists.near', { fact: 'request.country', op: 'in', value: { list: 'near' } }],
    ['request.country in lists["in"]', { fact: 'request.country', op: 'in', value: { list: 'in' } }],
    ['!request.ip.inCidr(["10.0.0.0/8"])', { fact: 'request.ip', op: 'notInCidr', value: ['10.0.0.0/8'] }],
    ['!has(passkey.ageDays)', { none: [{ fact: 'passkey.ageDays', op: 'exists' }] }],
    ['"package" in identity.attributes', { fact: 'identity.attributes.package', op: 'exists' }],
    [
      'identity.attributes["package"] == -2.5',
      { fact: 'identity.attributes.package', op: 'is', value: -2.5 },
    ],
    [
      'identity.attributes.team.glob("eng*")',
      { fact: 'identity.attributes.team', op: 'matches', value: 'eng*' },
    ],
    [
      'passkey.lastUsed < timestamp("2026-01-01T00:00:00Z")',
      { fact: 'passkey.lastUsed', op: 'before', value: '2026-01-01T00:00:00Z' },
    ],
    [
      'request.time.within({"days": ["MON"], "from": "09:00", "to": "17:00", "zone": "UTC"})',
      {
        fact: 'request.time',
        op: 'within',
        value: { days: ['MON'], from: '09:00', to: '17:00', zone: 'UTC' },
      },
    ],
    ['true', { all: [] }],
    ['any([none([])])', { any: [{ none: [] }] }],
  ])('writes and reads %s', (text, condition) => {
    expect(toText(policyWith(condition)).replace(/\n {4}(?=&&)/g, ' ')).toBe(textWith(text));
    expect(read(textWith(text))).toEqual(policyWith(condition));
  });

  it('reads comments, either quotes and any layout', () => {
    const text = `// top "
list near = COUNTRIES [ "DE", // home }
  "NO" ]
rule "a" "A" { description "d" disabled reportOnlyUntil "2026-01-01T00:00:00Z"
  deny "No \\u00e9." if request.country in lists.near // not '
    && 'g' in identity.groups }`;
    expect(read(text)).toEqual({
      format: 1,
      lists: { near: { type: 'COUNTRIES', values: ['DE', 'NO'] } },
      rules: [
        {
          id: 'a',
          name: 'A',
          description: 'd',
          enabled: false,
          reportOnlyUntil: '2026-01-01T00:00:00Z',
          action: { type: 'DENY', message: 'No é.' },
          condition: { all: [{ fact: 'request.country', op: 'in', value: { list: 'near' } }, groups] },
        },
      ],
    });
  });

  it('leads from what the checker finds to its place in the text', () => {
    const text = textWith('"g" in identity.groups\n    && request.country in ["DE", "XX"]');
    const result = fromText(text);
    const [finding] = 'policy' in result ? checkPolicy(result.policy) : [];
    const place = 'policy' in result && finding ? result.placeOf(finding.path) : undefined;
    expect(finding?.code).toBe('BAD_COUNTRY');
    expect(place).toEqual({ offset: text.indexOf('"XX"'), line: 4, column: 34 });
  });
});

describe('a text that can not be read', () => {
  it.each<[string, string, string, string]>([
    [
      'an unknown fact',
      textWith('"😀" in identity.groups && passkey.agedays >= 5'),
      'passkey.agedays',
      'WRONG_VALUE',
    ],
    ['a wrong value', textWith('transaction.kind == "REGISTRATON"'), '"REGISTRATON"', 'WRONG_VALUE'],
    ['an operator of another fact', textWith('transaction.kind >= 5'), 'transaction', 'WRONG_VALUE'],
    ['a text where a number is asked for', textWith('passkey.ageDays <= "5"'), '"5"', 'WRONG_VALUE'],
    ['a regular expression', textWith('identity.attributes.team.matches("a+")'), 'identity', 'NOT_ALLOWED'],
    ['a loop', textWith('identity.groups.exists(g, g == "a")'), 'identity', 'NOT_ALLOWED'],
    ['a choice', textWith('passkey.backedUp ? true : false'), 'passkey', 'NOT_ALLOWED'],
    ['two facts compared', textWith('request.country == identity.id'), 'identity.id', 'NOT_ALLOWED'],
    ['the fact on the right', textWith('5 <= passkey.ageDays'), '5 <=', 'NOT_ALLOWED'],
    ['a fact that is no truth', textWith('request.country && true'), 'request', 'NOT_ALLOWED'],
    ['bytes', textWith('identity.attributes.a == b"x"'), '"x"', 'NOT_ALLOWED'],
    ['a list that is none', textWith('all(true)'), 'all(', 'NOT_ALLOWED'],
    ['broken CEL', textWith('true && && true'), '&& &&', 'SYNTAX'],
    ['a missing quote', 'rule "a', '"a', 'SYNTAX'],
    ['a missing bracket', 'rule "a" "b" { allow if true', 'true', 'SYNTAX'],
    ['no action', 'rule "a" "b" { permit if true }', 'permit', 'SYNTAX'],
    ['something else', 'rules', 'rules', 'SYNTAX'],
    ['a list of a strange type', 'list a = WORDS []', 'WORDS', 'WRONG_VALUE'],
    ['a list of two meanings', 'list a = MODELS []\nlist  a = MODELS []', ' a = MODELS []', 'WRONG_VALUE'],
    ['brackets without end', textWith(`${'('.repeat(65)}true${')'.repeat(65)}`), '(true', 'TOO_LARGE'],
  ])('is told the place of %s', (_, text, place, code) => {
    const [problem] = failuresOf(text);
    const offset = place === ' a = MODELS []' ? text.lastIndexOf('a =') : text.indexOf(place);
    expect(problem).toMatchObject({ code, offset });
    const lines = text.slice(0, offset).split('\n');
    expect(problem).toMatchObject({ line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 });
  });

  it('is refused where it is too large, before it is parsed', () => {
    const long = textWith(
      `identity.id in [${'"aaaaaaaaaaaaaaaa", '.repeat(TEXT_LIMITS.conditions / 20)}"b"]`,
    );
    const started = performance.now();
    expect(failuresOf(long)).toMatchObject([{ code: 'TOO_LARGE' }]);
    expect(failuresOf(' '.repeat(TEXT_LIMITS.text + 1))).toMatchObject([{ code: 'TOO_LARGE' }]);
    expect(performance.now() - started).toBeLessThan(2000);
  });

  it.each([
    ['exclamation marks', `${'!'.repeat(20_000)}passkey.backedUp`],
    ['minus signs', `passkey.ageDays <= ${'-'.repeat(20_000)}5`],
    ['members', `a${'.b'.repeat(20_000)}`],
    ['choices', `${'true ? true : '.repeat(3000)}true`],
  ])('is read or refused, and does not exhaust the stack, where it has endless %s', (_, condition) => {
    expect(failuresOf(textWith(condition)).length).toBeLessThanOrEqual(1);
  });

  it('never makes the reader throw', { timeout: 240_000 }, () => {
    const pieces = [
      ...[
        'rule',
        'list',
        '"a"',
        '{',
        '}',
        '[',
        ']',
        '(',
        ')',
        'allow',
        'deny',
        'if',
        '&&',
        '||',
        '!',
        '==',
        'in',
      ],
      ...[
        'true',
        'has',
        'all',
        'passkey.backedUp',
        'identity.attributes',
        '5',
        '-',
        '1e999',
        '.',
        ',',
        '"',
        "'",
        '\\',
      ],
      ...[
        '//',
        '\n',
        '__proto__',
        'constructor',
        'lists.',
        '\ud800',
        '"\\ud800"',
        '😀',
        'timestamp',
        '?',
        ':',
        'null',
      ],
    ];
    const soup = fc.array(fc.constantFrom(...pieces), { maxLength: 25 }).map((words) => words.join(' '));
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), soup), (text) => {
        for (const whole of [text, textWith(text)])
          for (const { offset } of failuresOf(whole)) expect(offset).toBeLessThanOrEqual(whole.length);
      }),
      { numRuns: 5000 },
    );
  });

  it('never makes the reader throw when a good text is damaged', { timeout: 240_000 }, () => {
    fc.assert(
      fc.property(anyPolicy, fc.nat(), fc.nat(20), fc.string(), (policy, at, cut, put) => {
        const text = toText(policy);
        const start = at % (text.length + 1);
        fromText(text.slice(0, start) + put + text.slice(start + cut));
      }),
      { numRuns: 2000 },
    );
  });
});

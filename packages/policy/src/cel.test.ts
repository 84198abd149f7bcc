import {
  type CelInput,
  CelScalar,
  celEnv,
  celMethod,
  isCelError,
  listType,
  mapType,
  objectType,
  parse,
  plan,
} from '@bufbuild/cel';
import { TimestampSchema, timestampDate, timestampFromDate } from '@bufbuild/protobuf/wkt';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { anyCondition, anyFacts, LISTS } from '../testing/arbitraries.js';
import { type Condition, compilePolicy, definitionOf, explain, type FactName, type Facts } from './index.js';
import { toText } from './text.js';

/*
 * CEL knows no missing value: to read one is an error, and an error is a third truth, which `&&`, `||` and `!` treat as
 * ours do UNKNOWN. What differs is left out of the rules here: CEL calls a text unequal to a number, ours can't be decided.
 */

const RULES = 10_000;
const FACTS_EACH = 10;

const { DYN, STRING, BOOL } = CelScalar;

/** The functions of the profile, each written anew and by another method than ours. */
const FUNCTIONS = [
  celMethod('containsAny', listType(DYN), [listType(DYN)], BOOL, function (wanted) {
    const all = [...this];
    return [...wanted].some((value) => all.includes(value));
  }),
  celMethod('glob', STRING, [STRING], BOOL, function (pattern) {
    const parts = pattern.split('*').map((part) => part.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'));
    return new RegExp(`^${parts.join('.*')}$`, 's').test(this);
  }),
  celMethod('inCidr', STRING, [listType(DYN)], BOOL, function (networks) {
    return [...networks].some((network) => isInside(this, String(network)));
  }),
  celMethod('within', objectType(TimestampSchema), [mapType(STRING, DYN)], BOOL, function (window) {
    const days = window.get('days');
    const [from, to, zone] = ['from', 'to', 'zone'].map((key) => String(window.get(key)));
    const named = days === undefined ? undefined : [...(days as Iterable<unknown>)].map(String);
    return isWithin(timestampDate(this.message), named, from ?? '', to ?? '', zone ?? '');
  }),
];

const ENV = celEnv({ funcs: FUNCTIONS });

/** Both as text of bits; an IPv4 address and an IPv6 network have nothing in common. */
function isInside(address: string, network: string): boolean {
  const [base = '', length = '0'] = network.split('/');
  if (address.includes(':') !== base.includes(':')) return false;
  return bitsOf(address).startsWith(bitsOf(base).slice(0, Number(length)));
}

function bitsOf(address: string): string {
  if (!address.includes(':'))
    return address
      .split('.')
      .map((byte) => Number(byte).toString(2).padStart(8, '0'))
      .join('');
  const [head = '', tail = ''] = address.split('::');
  const [before, after] = [head, tail].map((side) => (side === '' ? [] : side.split(':')));
  const zeros = new Array(8 - (before?.length ?? 0) - (after?.length ?? 0)).fill('0');
  return [...(before ?? []), ...zeros, ...(after ?? [])]
    .map((group) => Number.parseInt(group, 16).toString(2).padStart(16, '0'))
    .join('');
}

/** By the text of the local time, where ours goes by its parts. */
function isWithin(time: Date, days: string[] | undefined, from: string, to: string, zone: string): boolean {
  const local = time.toLocaleString('sv-SE', { timeZone: zone });
  const clock = local.slice(11, 16);
  const dayOf = (date: Date) =>
    date.toLocaleDateString('en-US', { timeZone: 'UTC', weekday: 'short' }).toUpperCase();
  const today = new Date(`${local.slice(0, 10)}T00:00:00Z`);
  const yesterday = new Date(today.getTime() - 86_400_000);
  const isOn = (date: Date) => days === undefined || days.includes(dayOf(date));
  if (from < to) return isOn(today) && clock >= from && clock < to;
  return from !== to && ((clock >= from && isOn(today)) || (clock < to && isOn(yesterday)));
}

const WHOLE = /if\n {4}(.*)\n}\n$/s;

/** A comparison as the text form has it; groups by operators alone, since a call would read its arguments at once. */
function celOf(condition: Condition): string {
  if ('fact' in condition) {
    const rule = { id: 'a', name: 'A', enabled: true, action: { type: 'ALLOW' as const }, condition };
    return `(${WHOLE.exec(toText({ format: 1, rules: [rule] }))?.[1]})`;
  }
  if ('all' in condition)
    return condition.all.length === 0 ? 'true' : `(${condition.all.map(celOf).join(' && ')})`;
  if ('any' in condition)
    return condition.any.length === 0 ? 'false' : `(${condition.any.map(celOf).join(' || ')})`;
  return `!${celOf({ any: condition.none })}`;
}

function bindingsOf(facts: Facts): Record<string, CelInput> {
  const root: Record<string, Map<string, CelInput>> = {};
  for (const name of [
    'transaction',
    'application',
    'authenticatorConfig',
    'identity',
    'passkey',
    'request',
    'history',
  ])
    root[name] = new Map();
  const attributes = new Map<string, CelInput>();
  root.identity?.set('attributes', attributes);
  for (const [name, value] of Object.entries(facts)) {
    const [first = '', second = '', third] = name.split('.');
    const type = definitionOf(name as FactName).type;
    const isTime = type === 'instant' || type === 'clock';
    const input = isTime
      ? timestampFromDate(new Date(String(value)))
      : value instanceof Set
        ? [...value]
        : value;
    if (third !== undefined) attributes.set(third, input as CelInput);
    else root[first]?.set(second, input as CelInput);
  }
  return { ...root, lists: new Map(Object.entries(LISTS).map(([name, { values }]) => [name, [...values]])) };
}

function ours(condition: Condition): (facts: Facts) => string | undefined {
  const rules = [{ id: 'a', name: 'A', enabled: true, action: { type: 'ALLOW' as const }, condition }];
  const compiled = compilePolicy({ format: 1, rules, lists: LISTS });
  return (facts) => explain(compiled, facts).rules[0]?.condition.result;
}

function theirs(condition: Condition): (facts: Facts) => string {
  const run = plan(ENV, parse(celOf(condition)));
  return (facts) => {
    const result = run(bindingsOf(facts));
    return isCelError(result) ? 'UNKNOWN' : String(result).toUpperCase();
  };
}

it(`agrees with CEL on ${RULES * FACTS_EACH} random rules and facts`, { timeout: 300_000 }, () => {
  const seed = Math.floor(Math.random() * 2 ** 31);
  const seen = new Map<string, number>();
  process.stdout.write(`seed ${seed}\n`);
  fc.assert(
    fc.property(
      anyCondition,
      fc.array(anyFacts, { minLength: FACTS_EACH, maxLength: FACTS_EACH }),
      (condition, many) => {
        const [own, other] = [ours(condition), theirs(condition)];
        for (const facts of many) {
          const result = other(facts);
          expect(own(facts), celOf(condition)).toBe(result);
          seen.set(result, (seen.get(result) ?? 0) + 1);
        }
      },
    ),
    { numRuns: RULES, seed },
  );
  // Agreement would mean little if nearly all were the same.
  for (const truth of ['TRUE', 'FALSE', 'UNKNOWN']) expect(seen.get(truth)).toBeGreaterThan(RULES / 4);
});

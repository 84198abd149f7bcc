import fc from 'fast-check';
import type {
  Action,
  AttributeComparison,
  Comparison,
  Condition,
  PolicyDocument,
  Rule,
} from '../src/document.js';
import {
  ATTRIBUTE_PREFIX,
  type AttributeName,
  definitionOf,
  FACTS,
  type FactName,
  type Facts,
  TRANSACTION_KINDS,
} from '../src/facts.js';
import { type Lists, listTypeOf } from '../src/lists.js';
import { OPERATORS, OPERATORS_OF, type OperatorName } from '../src/operators.js';
import { WEEKDAYS } from '../src/time.js';

/** Few values, so that random rules and random facts meet. */
export const VALUES = {
  id: ['i1', 'i2', 'i3'],
  aaguid: ['01020304-0506-0708-0102-030405060708', '00000000-0000-0000-0000-000000000000'],
  country: ['DE', 'NO', 'FR'],
  ip: ['10.1.2.3', '192.168.0.9', '2001:db8::5'],
  network: ['10.0.0.0/8', '10.1.0.0/16', '192.168.0.0/24', '2001:db8::/32', '0.0.0.0/0'],
  number: [0, 1, 2.5, 30, -4],
  instant: ['2026-01-01T00:00:00Z', '2026-11-25T12:00:00.500Z', '2025-06-01T08:30:00+02:00'],
  text: ['red', 'green', 'grey-é😀"\\\n'],
  glob: ['*', 'gr*', '*e*', 'red'],
} as const;

export const LISTS: Lists = {
  office: { type: 'NETWORKS', values: ['10.0.0.0/8', '2001:db8::/32'] },
  near: { type: 'COUNTRIES', values: ['DE', 'NO'] },
  keys: { type: 'MODELS', values: [VALUES.aaguid[0]] },
};

const LIST_OF = { NETWORKS: 'office', COUNTRIES: 'near', MODELS: 'keys' } as const;

/** Attributes by the type that their values have. */
export const ATTRIBUTES = {
  team: 'text',
  level: 'number',
  flag: 'boolean',
  tags: 'textSet',
  package: 'text',
} as const;

const some = <T>(values: readonly T[]) => fc.subarray([...values], { minLength: 0 });

const anyWindow = fc.record(
  {
    days: some(WEEKDAYS),
    from: fc.constantFrom('00:00', '09:30', '22:00'),
    to: fc.constantFrom('06:00', '17:00', '24:00'),
    zone: fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York'),
  },
  { requiredKeys: ['from', 'to', 'zone'] },
);

const anyKnownComparison: fc.Arbitrary<Comparison> = fc
  .constantFrom(...(Object.keys(FACTS) as (keyof typeof FACTS)[]))
  .chain((fact) =>
    fc.constantFrom<OperatorName>(...OPERATORS_OF[FACTS[fact].type]).chain((op) => comparisonWith(fact, op)),
  );

function comparisonWith(fact: FactName, op: OperatorName): fc.Arbitrary<Comparison> {
  const { operand } = OPERATORS[op];
  const definition = definitionOf(fact);
  const list = listTypeOf(definition.type);
  const values = valuesFor(fact, op);
  const value = {
    none: fc.constant(undefined),
    one: fc.constantFrom(...values),
    many: fc.oneof(some(values), ...(list === undefined ? [] : [fc.constant({ list: LIST_OF[list] })])),
    window: anyWindow,
  }[operand];
  return value.map(
    (chosen) => (chosen === undefined ? { fact, op } : { fact, op, value: chosen }) as Comparison,
  );
}

function valuesFor(fact: FactName, op: OperatorName): readonly (string | number | boolean)[] {
  const definition = definitionOf(fact);
  switch (definition.type) {
    case 'enum':
      return definition.values;
    case 'boolean':
      return [true, false];
    case 'number':
      return VALUES.number;
    case 'idSet':
      return VALUES.id;
    case 'clock':
      return VALUES.instant;
    case 'ip':
      return VALUES.network;
    case 'attribute':
      return op === 'matches' ? VALUES.glob : VALUES.text;
    default:
      return VALUES[definition.type];
  }
}

const attribute = (name: keyof typeof ATTRIBUTES): AttributeName => `${ATTRIBUTE_PREFIX}${name}`;

const anyAttributeComparison: fc.Arbitrary<AttributeComparison> = fc.oneof(
  fc.record({
    fact: fc.constantFrom(attribute('team'), attribute('package')),
    op: fc.constantFrom('is' as const, 'isNot' as const),
    value: fc.constantFrom(...VALUES.text),
  }),
  fc.record({
    fact: fc.constantFrom(attribute('team'), attribute('package')),
    op: fc.constantFrom('in' as const, 'notIn' as const),
    value: some(VALUES.text),
  }),
  fc.record({
    fact: fc.constant(attribute('team')),
    op: fc.constant('matches' as const),
    value: fc.constantFrom(...VALUES.glob),
  }),
  fc.record({
    fact: fc.constant(attribute('level')),
    op: fc.constantFrom('is' as const, 'isNot' as const, 'atLeast' as const, 'atMost' as const),
    value: fc.constantFrom(...VALUES.number),
  }),
  fc.record({
    fact: fc.constant(attribute('flag')),
    op: fc.constantFrom('is' as const, 'isNot' as const),
    value: fc.boolean(),
  }),
  fc.record({
    fact: fc.constant(attribute('tags')),
    op: fc.constant('contains' as const),
    value: fc.constantFrom(...VALUES.text),
  }),
  fc.record({
    fact: fc.constant(attribute('tags')),
    op: fc.constant('containsAny' as const),
    value: some(VALUES.text),
  }),
  fc.record({
    fact: fc.constantFrom(attribute('tags'), attribute('package'), attribute('level')),
    op: fc.constant('exists' as const),
  }),
);

export const anyComparison: fc.Arbitrary<Comparison> = fc.oneof(
  { weight: 3, arbitrary: anyKnownComparison },
  { weight: 1, arbitrary: anyAttributeComparison },
);

export const { condition: anyCondition } = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 3 },
    { weight: 3, arbitrary: anyComparison },
    { weight: 1, arbitrary: fc.record({ all: fc.array(tie('condition'), { maxLength: 3 }) }) },
    { weight: 1, arbitrary: fc.record({ any: fc.array(tie('condition'), { maxLength: 3 }) }) },
    { weight: 1, arbitrary: fc.record({ none: fc.array(tie('condition'), { maxLength: 3 }) }) },
  ),
}));

const anyText = fc.oneof(
  fc.constantFrom('A name', 'allow if x {', '"quoted" \\ // and more', 'zwei\nZeilen', '}'),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }),
);

const anyAction: fc.Arbitrary<Action> = fc.oneof(
  fc.constantFrom<Action>({ type: 'ALLOW' }, { type: 'DENY' }, { type: 'MONITOR' }, { type: 'STEP_UP' }),
  anyText.map((message): Action => ({ type: 'DENY', message })),
);

const anyRule: fc.Arbitrary<Rule> = fc.record(
  {
    id: anyText,
    name: anyText,
    description: anyText,
    enabled: fc.oneof({ weight: 4, arbitrary: fc.constant(true) }, fc.boolean()),
    action: anyAction,
    condition: anyCondition,
    reportOnlyUntil: fc.constantFrom(...VALUES.instant),
  },
  { requiredKeys: ['id', 'name', 'enabled', 'action', 'condition'] },
);

/** Ids are unique, as the checker wants them. */
export const anyPolicy: fc.Arbitrary<PolicyDocument> = fc.array(anyRule, { maxLength: 4 }).map((rules) => ({
  format: 1 as const,
  rules: rules.map((rule, index) => ({ ...rule, id: `${rule.id.slice(0, 50)} ${index}` })),
  lists: LISTS,
}));

const anyFactOf = (fact: FactName): fc.Arbitrary<unknown> => {
  if (definitionOf(fact).type === 'ip') return fc.constantFrom(...VALUES.ip);
  const one = fc.constantFrom(...valuesFor(fact, 'is'));
  return definitionOf(fact).type === 'idSet' ? some(VALUES.id).map((ids) => new Set(ids)) : one;
};

/** The facts of one transaction, of which it may have them; every one is missing now and then. */
export const anyFacts: fc.Arbitrary<Facts> = fc.constantFrom(...TRANSACTION_KINDS).chain((kind) =>
  fc
    .record(
      {
        ...Object.fromEntries(
          (Object.keys(FACTS) as FactName[])
            .filter((fact) => definitionOf(fact).kinds.includes(kind))
            .map((fact) => [fact, anyFactOf(fact)]),
        ),
        'transaction.kind': fc.constant(kind),
        [attribute('team')]: fc.constantFrom(...VALUES.text),
        [attribute('package')]: fc.constantFrom(...VALUES.text),
        [attribute('level')]: fc.constantFrom(...VALUES.number),
        [attribute('flag')]: fc.boolean(),
        [attribute('tags')]: some(VALUES.text).map((texts) => new Set(texts)),
      },
      { requiredKeys: [] },
    )
    .map((facts) => facts as Facts),
);

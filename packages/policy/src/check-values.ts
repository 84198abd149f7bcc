import { parseNetwork } from './cidr.js';
import { COUNTRIES } from './countries.js';
import type { AttributeComparison, Comparison, Path, PolicyDocument } from './document.js';
import {
  ATTRIBUTE_PREFIX,
  definitionOf,
  type FactName,
  type FactType,
  isAttributeName,
  type Reference,
} from './facts.js';
import { isListReference, type ListType, listTypeOf } from './lists.js';
import { clockOf, type Window } from './time.js';
import { comparisonsOf } from './walk.js';
import type { Finding, FindingCode, World } from './world.js';

type Report = (code: FindingCode, message: string, path: Path) => void;

/** Names that nothing has, and texts that are no network, country, model or zone. */
export function checkValues(policy: PolicyDocument, world: World): Finding[] {
  const findings: Finding[] = [];
  const report: Report = (code, message, path) => {
    const isWarning = code === 'HOST_BITS' || code === 'UNUSED_LIST';
    findings.push({ severity: isWarning ? 'WARNING' : 'ERROR', code, message, path });
  };
  const used = new Set<string>();
  for (const [index, rule] of policy.rules.entries())
    for (const [comparison, path] of comparisonsOf(rule.condition, ['rules', index, 'condition'])) {
      if ('value' in comparison && isListReference(comparison.value)) used.add(comparison.value.list);
      checkComparison(comparison, [...path, 'value'], policy, world, report);
    }
  for (const [name, list] of Object.entries(policy.lists ?? {})) {
    if (!used.has(name)) report('UNUSED_LIST', `No rule uses the list ${name}.`, ['lists', name]);
    for (const [index, value] of list.values.entries())
      checkListed(value, list.type, ['lists', name, 'values', index], report);
  }
  return findings;
}

function checkComparison(
  comparison: Comparison,
  path: Path,
  policy: PolicyDocument,
  world: World,
  report: Report,
): void {
  if (isAttribute(comparison)) checkAttribute(comparison, path, world, report);
  else if (comparison.op === 'within' || comparison.op === 'notWithin')
    checkWindow(comparison.value, path, report);
  else if ('value' in comparison) checkKnown(comparison.fact, comparison.value, path, policy, world, report);
}

function checkKnown(
  fact: FactName,
  value: unknown,
  path: Path,
  policy: PolicyDocument,
  world: World,
  report: Report,
): void {
  const definition = definitionOf(fact);
  if (isListReference(value)) {
    checkReference(value.list, definition.type, path, policy, report);
    return;
  }
  const values: [unknown, Path][] = Array.isArray(value)
    ? value.map((item: unknown, index) => [item, [...path, index]])
    : [[value, path]];
  for (const [item, at] of values) {
    if (typeof item !== 'string') continue;
    const type = listTypeOf(definition.type);
    if (type !== undefined) checkListed(item, type, at, report);
    if (!('reference' in definition)) continue;
    const known = world[SETS[definition.reference]];
    if (known !== undefined && !known.has(item))
      report('UNKNOWN_REFERENCE', `There is no ${NOUNS[definition.reference]} ${item}.`, at);
  }
}

const SETS = {
  group: 'groups',
  application: 'applications',
  authenticatorConfig: 'authenticatorConfigs',
  identity: 'identities',
} as const satisfies Record<Reference, keyof World>;

const NOUNS: Readonly<Record<Reference, string>> = {
  group: 'group',
  application: 'application',
  authenticatorConfig: 'authenticator config',
  identity: 'identity',
};

function checkReference(
  name: string,
  type: FactType,
  path: Path,
  policy: PolicyDocument,
  report: Report,
): void {
  const { lists } = policy;
  const list = lists !== undefined && Object.hasOwn(lists, name) ? lists[name] : undefined;
  const wanted = listTypeOf(type);
  if (list === undefined) report('UNKNOWN_LIST', `There is no list ${name}.`, path);
  else if (list.type !== wanted)
    report('WRONG_LIST_TYPE', `The list ${name} holds ${list.type}, but ${wanted} are asked for.`, path);
}

function checkListed(value: string, type: ListType, path: Path, report: Report): void {
  if (type === 'NETWORKS') {
    const network = parseNetwork(value);
    if (network === undefined) report('BAD_NETWORK', `${value} is no network such as 10.0.0.0/8.`, path);
    else if (network.hasHostBits)
      report('HOST_BITS', `${value} names an address within a network, not the network.`, path);
  } else if (type === 'COUNTRIES') {
    if (!COUNTRIES.has(value))
      report('BAD_COUNTRY', `${value} is no country code of ISO 3166-1 such as NO.`, path);
  } else if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value))
    report('BAD_MODEL', `${value} is no AAGUID in lower case.`, path);
}

function checkWindow({ days, from, to, zone }: Window, path: Path, report: Report): void {
  if (clockOf(zone) === undefined)
    report('BAD_ZONE', `${zone} is no time zone such as Europe/Oslo.`, [...path, 'zone']);
  if (from === to || days?.length === 0)
    report('EMPTY_WINDOW', 'No time lies in this window.', from === to ? path : [...path, 'days']);
}

const isAttribute = (comparison: Comparison): comparison is AttributeComparison =>
  isAttributeName(comparison.fact);

function checkAttribute(comparison: AttributeComparison, path: Path, world: World, report: Report): void {
  const { attributes } = world;
  if (attributes === undefined) return;
  const name = comparison.fact.slice(ATTRIBUTE_PREFIX.length);
  const type = Object.hasOwn(attributes, name) ? attributes[name] : undefined;
  if (type === undefined) {
    const meant = Object.keys(attributes).find((known) => known.toLowerCase() === name.toLowerCase());
    const hint = meant === undefined ? '' : ` Is ${meant} meant?`;
    report('UNKNOWN_ATTRIBUTE', `The realm declares no attribute ${name}.${hint}`, [
      ...path.slice(0, -1),
      'fact',
    ]);
  } else if (!askedTypes(comparison).includes(type))
    report('WRONG_ATTRIBUTE_TYPE', `The attribute ${name} is ${TYPE_WORDS[type]}.`, path);
}

const TYPE_WORDS = {
  text: 'a text',
  number: 'a number',
  boolean: 'either true or false',
  textSet: 'a list of texts',
} as const;

type AttributeType = keyof typeof TYPE_WORDS;

/** The types of attribute for which the comparison can be decided. */
function askedTypes(comparison: AttributeComparison): AttributeType[] {
  switch (comparison.op) {
    case 'exists':
      return ['text', 'number', 'boolean', 'textSet'];
    case 'contains':
    case 'containsAny':
      return ['textSet'];
    case 'matches':
      return ['text'];
    case 'atLeast':
    case 'atMost':
      return ['number'];
    default: {
      const values = Array.isArray(comparison.value) ? comparison.value : [comparison.value];
      const types = values.map((value): AttributeType => {
        if (typeof value === 'string') return 'text';
        return typeof value === 'number' ? 'number' : 'boolean';
      });
      return types.length === 0 ? ['text', 'number', 'boolean'] : types;
    }
  }
}

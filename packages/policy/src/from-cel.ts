import { parse } from '@bufbuild/cel';
import type { Path } from './document.js';
import { ATTRIBUTE_PREFIX, definitionOf, isFactName } from './facts.js';
import { type Places, TextFault } from './text-problem.js';

type Parsed = ReturnType<typeof parse>;
type Expr = Parsed['expr'];
type Call = { readonly name: string; readonly target: Expr | undefined; readonly args: readonly Expr[] };

/**
 * Reads one condition of the small profile of CEL that `toText` writes, as JSON for `parsePolicy`: comparisons of a fact
 * with values, `&&`, `||`, `!`, `all([..])`, `any([..])`, `none([..])`, `has(..)`. Throws a TextFault.
 */
export function conditionFromCel(source: string, offset: number, path: Path, places: Places): unknown {
  try {
    const parsed = parseCel(source, offset);
    return new Reader(parsed, offset, places).condition(parsed.expr, path);
  } catch (error) {
    if (error instanceof RangeError) throw new TextFault('TOO_LARGE', 'This condition is too large.', offset);
    throw error;
  }
}

function parseCel(source: string, offset: number): Parsed {
  try {
    return parse(source);
  } catch (error) {
    if (error instanceof RangeError || !(error instanceof Error)) throw error;
    const [, line = '1', column = '1', what = error.message] =
      /^<input>:(\d+):(\d+): (.*)$/s.exec(error.message) ?? [];
    const lines = source.split('\n').slice(0, Number(line) - 1);
    const within = lines.reduce((length, text) => length + text.length + 1, 0) + Number(column) - 1;
    throw new TextFault('SYNTAX', `This can not be read: ${what}.`, offset + within);
  }
}

const COMPARED: Readonly<Record<string, string>> = {
  '_==_': 'is',
  '_!=_': 'isNot',
  '_<=_': 'atMost',
  '_>=_': 'atLeast',
  '_<_': 'before',
  '_>_': 'after',
};

const METHODS: Readonly<Record<string, string>> = {
  containsAny: 'containsAny',
  glob: 'matches',
  inCidr: 'inCidr',
  within: 'within',
};

/** Operators that `!` turns around. */
const OPPOSITES: Readonly<Record<string, string>> = { in: 'notIn', inCidr: 'notInCidr', within: 'notWithin' };

class Reader {
  constructor(
    private readonly parsed: Parsed,
    private readonly offset: number,
    private readonly places: Places,
  ) {}

  condition(expr: Expr, path: Path): unknown {
    this.places.set(path, this.startOf(expr));
    const call = callOf(expr);
    if (call?.target === undefined && call !== undefined) {
      const [first] = call.args;
      if (call.name === '_&&_') return this.group('all', this.operands(expr, '_&&_'), path);
      if (call.name === '_||_') return this.group('any', this.operands(expr, '_||_'), path);
      if (call.name === '!_' && first !== undefined) return this.negation(first, path);
      if (call.name === 'all' || call.name === 'any' || call.name === 'none')
        return this.group(call.name, this.elements(call, expr), path);
    }
    const constant = constantOf(expr);
    if (typeof constant === 'boolean') return constant ? { all: [] } : { any: [] };
    return this.comparison(expr, path);
  }

  private group(kind: 'all' | 'any' | 'none', children: readonly Expr[], path: Path): unknown {
    return { [kind]: children.map((child, index) => this.condition(child, [...path, kind, index])) };
  }

  private negation(expr: Expr, path: Path): unknown {
    const call = callOf(expr);
    if (call?.name === '_||_') return this.group('none', this.operands(expr, '_||_'), path);
    const fact = factOf(expr);
    if (fact !== undefined && !isPresence(expr)) return this.made(fact, 'is', false, expr, path);
    if (call !== undefined && (call.name === '@in' || METHODS[call.name] !== undefined)) {
      const read = this.comparison(expr, path);
      const opposite = OPPOSITES[read.op];
      if (opposite !== undefined) return { ...read, op: opposite };
    }
    return this.group('none', [expr], path);
  }

  /** `a && b && c`, however the parser nests it, as a, b and c. */
  private operands(expr: Expr, name: string): Expr[] {
    const found: Expr[] = [];
    const open = [expr];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const call = callOf(next);
      if (call?.name === name) open.push(...[...call.args].reverse());
      else found.push(next);
    }
    return found;
  }

  private elements(call: Call, expr: Expr): readonly Expr[] {
    const [list, ...more] = call.args;
    const elements = list === undefined || more.length > 0 ? undefined : listOf(list);
    if (elements === undefined)
      throw new TextFault('NOT_ALLOWED', `${call.name} takes one list in brackets.`, this.startOf(expr));
    return elements;
  }

  private comparison(expr: Expr, path: Path): { fact: string; op: string; value?: unknown } {
    const fact = factOf(expr);
    if (fact !== undefined)
      return isPresence(expr)
        ? this.made(fact, 'exists', undefined, expr, path)
        : this.made(fact, 'is', true, expr, path);
    const call = callOf(expr);
    const read = call === undefined ? undefined : this.called(call, path);
    if (read !== undefined) return read;
    throw new TextFault(
      'NOT_ALLOWED',
      'Here stands a comparison: a fact on the left, values on the right.',
      this.startOf(expr),
    );
  }

  private called({ name, target, args }: Call, path: Path) {
    const [left, right] = args;
    const at: Path = [...path, 'value'];
    if (target !== undefined) {
      const fact = factOf(target);
      const op = METHODS[name];
      if (fact === undefined || op === undefined || left === undefined || args.length > 1) return undefined;
      return this.made(fact, op, this.value(left, at), target, path);
    }
    if (left === undefined || right === undefined) return undefined;
    const [leftFact, rightFact] = [factOf(left), factOf(right)];
    const op = COMPARED[name];
    if (op !== undefined && leftFact !== undefined)
      return this.made(leftFact, op, this.value(right, at), left, path);
    if (name !== '@in') return undefined;
    const member = constantOf(left);
    if (typeof member === 'string' && `${rightFact}.` === ATTRIBUTE_PREFIX)
      return this.made(`${ATTRIBUTE_PREFIX}${member}`, 'exists', undefined, right, path);
    if (leftFact !== undefined) return this.made(leftFact, 'in', this.value(right, at), left, path);
    return rightFact === undefined
      ? undefined
      : this.made(rightFact, 'contains', this.value(left, at), right, path);
  }

  private made(fact: string, op: string, value: unknown, place: Expr, path: Path) {
    for (const key of ['fact', 'op']) this.places.set([...path, key], this.startOf(place));
    if (isFactName(fact) && op === 'is' && typeof value === 'boolean' && isPlainText(fact))
      throw new TextFault('NOT_ALLOWED', `${fact} is not true or false: compare it.`, this.startOf(place));
    return value === undefined ? { fact, op } : { fact, op, value };
  }

  private value(expr: Expr, path: Path): unknown {
    this.places.set(path, this.startOf(expr));
    const elements = listOf(expr);
    if (elements !== undefined)
      return elements.map((element, index) => this.value(element, [...path, index]));
    const entries = entriesOf(expr);
    if (entries !== undefined)
      return Object.fromEntries(entries.map(([key, value]) => [key, this.value(value, [...path, key])]));
    const fact = factOf(expr);
    if (fact?.startsWith('lists.')) return { list: fact.slice('lists.'.length) };
    const call = callOf(expr);
    const [only] = call?.args ?? [];
    if (
      call?.name === 'timestamp' &&
      call.target === undefined &&
      only !== undefined &&
      call.args.length === 1
    )
      return this.value(only, path);
    const constant = constantOf(expr);
    if (constant !== undefined) return constant;
    throw new TextFault('NOT_ALLOWED', 'Here stands a value: a text, a number, a list.', this.startOf(expr));
  }

  /** The parser tells where operators stand; what people look for is where their first operand begins. */
  private startOf(expr: Expr): number {
    let first = expr;
    for (let next = firstPart(first); next !== undefined; next = firstPart(first)) first = next;
    return this.offset + (this.parsed.sourceInfo?.positions[String(first.id)] ?? 0);
  }
}

/** The part of an expression with which its text begins; undefined where it begins with a sign or a word of its own. */
function firstPart({ exprKind }: Expr): Expr | undefined {
  switch (exprKind.case) {
    case 'selectExpr':
      return exprKind.value.testOnly ? undefined : exprKind.value.operand;
    case 'comprehensionExpr':
      return exprKind.value.iterRange;
    case 'callExpr': {
      const { function: name, target, args } = exprKind.value;
      return target ?? (/^_|^@in$/.test(name) ? args[0] : undefined);
    }
    default:
      return undefined;
  }
}

const isPlainText = (fact: Parameters<typeof definitionOf>[0]): boolean =>
  !['boolean', 'attribute'].includes(definitionOf(fact).type);

function callOf(expr: Expr): Call | undefined {
  const { exprKind } = expr;
  if (exprKind.case !== 'callExpr') return undefined;
  const { function: name, target, args } = exprKind.value;
  return { name, target, args };
}

function listOf(expr: Expr): readonly Expr[] | undefined {
  return expr.exprKind.case === 'listExpr' ? expr.exprKind.value.elements : undefined;
}

/** The entries of a map whose keys are texts; undefined for anything else. */
function entriesOf(expr: Expr): [string, Expr][] | undefined {
  const { exprKind } = expr;
  if (exprKind.case !== 'structExpr' || exprKind.value.messageName !== '') return undefined;
  const entries: [string, Expr][] = [];
  for (const { keyKind, value } of exprKind.value.entries) {
    const key = keyKind.case === 'mapKey' ? constantOf(keyKind.value) : undefined;
    if (typeof key !== 'string' || value === undefined) return undefined;
    entries.push([key, value]);
  }
  return entries;
}

function constantOf(expr: Expr): string | number | boolean | undefined {
  const { exprKind } = expr;
  if (exprKind.case !== 'constExpr') return undefined;
  const { constantKind } = exprKind.value;
  switch (constantKind.case) {
    case 'stringValue':
    case 'boolValue':
    case 'doubleValue':
      return constantKind.value;
    case 'int64Value':
      return Number(constantKind.value);
    default:
      return undefined;
  }
}

const isPresence = ({ exprKind }: Expr): boolean => exprKind.case === 'selectExpr' && exprKind.value.testOnly;

/** No fact has more members than this. */
const MEMBERS = 4;

/** `a.b.c` and `a.b["c"]` as one dotted name; undefined for anything else. */
function factOf(expr: Expr, members = MEMBERS): string | undefined {
  const { exprKind } = expr;
  if (exprKind.case === 'identExpr') return exprKind.value.name;
  if (members === 0) return undefined;
  if (exprKind.case === 'selectExpr') {
    const { operand, field } = exprKind.value;
    const base = operand === undefined || isPresence(operand) ? undefined : factOf(operand, members - 1);
    return base === undefined ? undefined : `${base}.${field}`;
  }
  const call = callOf(expr);
  if (call?.name !== '_[_]') return undefined;
  const [container, index] = call.args;
  const base = container === undefined ? undefined : factOf(container, members - 1);
  const name = index === undefined ? undefined : constantOf(index);
  return base === undefined || typeof name !== 'string' ? undefined : `${base}.${name}`;
}

import { badRequest } from './errors.js';
import { type ResolvedAttribute, type ResourceType, subOf } from './schema.js';
import { type Token, tokenize } from './tokens.js';

export type CompareOp = 'eq' | 'ne' | 'co' | 'sw' | 'ew' | 'gt' | 'ge' | 'lt' | 'le';
export type FilterValue = string | number | boolean | Date;

/** A filter (RFC 7644, section 3.4.2.2) whose names and values are resolved and typed. */
export type Filter =
  | { readonly kind: 'and' | 'or'; readonly items: readonly Filter[] }
  | { readonly kind: 'not'; readonly item: Filter }
  | { readonly kind: 'present'; readonly target: ResolvedAttribute }
  | {
      readonly kind: 'compare';
      readonly target: ResolvedAttribute;
      readonly op: CompareOp;
      readonly value: FilterValue;
    }
  /** One element of a multi-valued attribute meets all of it; targets inside name its sub-attributes. */
  | { readonly kind: 'element'; readonly target: ResolvedAttribute; readonly item: Filter };

const LIMITS = { length: 8192, depth: 50, terms: 200 };
const OPERATORS = new Set(['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le']);

/** @throws ScimError invalidFilter */
export function parseFilter(type: ResourceType, text: string): Filter {
  if (text.length > LIMITS.length) throw badRequest('invalidFilter', 'The filter is too long.');
  const parser = new Parser(tokenize(text), type);
  const filter = parser.expression(undefined, 0);
  parser.end();
  return filter;
}

/** The condition between the brackets of `emails[...]`. @throws ScimError invalidFilter */
export function parseElementFilter(
  tokens: readonly Token[],
  type: ResourceType,
  target: ResolvedAttribute,
): Filter {
  const parser = new Parser(tokens, type);
  const filter = parser.expression(target, 0);
  parser.end();
  return filter;
}

class Parser {
  private at = 0;
  private terms = 0;

  constructor(
    private readonly tokens: readonly Token[],
    private readonly type: ResourceType,
  ) {}

  end(): void {
    if (this.at < this.tokens.length)
      throw badRequest('invalidFilter', 'The filter has something left over.');
  }

  /** `or` of `and` of terms: two loops, so that a long chain costs no stack. */
  expression(inside: ResolvedAttribute | undefined, depth: number): Filter {
    if (depth > LIMITS.depth) throw badRequest('invalidFilter', 'The filter is nested too deeply.');
    const either: Filter[] = [];
    do {
      const all = [this.term(inside, depth)];
      while (this.word('and')) all.push(this.term(inside, depth));
      either.push(all.length === 1 ? (all[0] as Filter) : { kind: 'and', items: all });
    } while (this.word('or'));
    return either.length === 1 ? (either[0] as Filter) : { kind: 'or', items: either };
  }

  private term(inside: ResolvedAttribute | undefined, depth: number): Filter {
    this.terms += 1;
    if (this.terms > LIMITS.terms) throw badRequest('invalidFilter', 'The filter has too many terms.');
    if (this.followedBy('not', '(')) {
      this.at += 1;
      return { kind: 'not', item: this.group(inside, depth) };
    }
    if (this.peek()?.kind === '(') return this.group(inside, depth);
    return this.comparison(inside, depth);
  }

  private group(inside: ResolvedAttribute | undefined, depth: number): Filter {
    this.expect('(');
    const item = this.expression(inside, depth + 1);
    this.expect(')');
    return item;
  }

  private comparison(inside: ResolvedAttribute | undefined, depth: number): Filter {
    const name = this.expect('word').text;
    if (inside) return this.test(elementTarget(inside, name));
    const target = rootTarget(this.type, name);
    return this.peek()?.kind === '[' ? this.element(target, depth) : this.test(valueTarget(target));
  }

  /** `emails[type eq "work"]`, and Entra's `emails[type eq "work"].value eq "x"`. */
  private element(target: ResolvedAttribute, depth: number): Filter {
    if (!target.attribute.multiValued || target.attribute.type !== 'complex' || target.sub)
      throw badRequest('invalidFilter', `${target.attribute.name} has no elements.`);
    this.expect('[');
    const inner = this.expression(target, depth + 1);
    this.expect(']');
    const next = this.peek();
    if (next?.kind !== 'word' || !next.text.startsWith('.')) return { kind: 'element', target, item: inner };
    this.at += 1;
    const test = this.test(elementTarget(target, next.text.slice(1)));
    return { kind: 'element', target, item: { kind: 'and', items: [inner, test] } };
  }

  private test(target: ResolvedAttribute): Filter {
    const operator = this.expect('word').text.toLowerCase();
    if (operator === 'pr') return { kind: 'present', target };
    if (!OPERATORS.has(operator)) throw badRequest('invalidFilter', `There is no operator "${operator}".`);
    const op = operator as CompareOp;
    const token = this.next();
    if (token.kind === 'word' && token.text.toLowerCase() === 'null') return nullTest(target, op);
    return { kind: 'compare', target, op, value: typedValue(target, op, token) };
  }

  private peek(): Token | undefined {
    return this.tokens[this.at];
  }

  private next(): Token {
    const token = this.tokens[this.at];
    if (!token) throw badRequest('invalidFilter', 'The filter ends too early.');
    this.at += 1;
    return token;
  }

  private expect(kind: Token['kind']): Token {
    const token = this.next();
    if (token.kind !== kind) throw badRequest('invalidFilter', `"${token.text}" is not expected there.`);
    return token;
  }

  private word(text: string): boolean {
    const token = this.peek();
    if (token?.kind !== 'word' || token.text.toLowerCase() !== text) return false;
    this.at += 1;
    return true;
  }

  private followedBy(text: string, kind: Token['kind']): boolean {
    const token = this.peek();
    return (
      token?.kind === 'word' && token.text.toLowerCase() === text && this.tokens[this.at + 1]?.kind === kind
    );
  }
}

function rootTarget(type: ResourceType, name: string): ResolvedAttribute {
  const found = type.resolve(name);
  if (found?.attribute === undefined || found.attribute.returned === 'never')
    throw badRequest('invalidFilter', `There is no attribute "${name}" to filter by.`);
  return found;
}

/** `emails co "x"` means the value of an address. */
function valueTarget(found: ResolvedAttribute): ResolvedAttribute {
  const value = found.sub ? undefined : subOf(found.attribute, 'value');
  return value ? { ...found, sub: value } : found;
}

function elementTarget(of: ResolvedAttribute, name: string): ResolvedAttribute {
  const sub = subOf(of.attribute, name);
  if (!sub) throw badRequest('invalidFilter', `${of.attribute.name} has no "${name}".`);
  return { ...of, sub };
}

/** RFC 7643, section 2.5: null and not assigned are the same. */
function nullTest(target: ResolvedAttribute, op: CompareOp): Filter {
  if (op === 'ne') return { kind: 'present', target };
  if (op === 'eq') return { kind: 'not', item: { kind: 'present', target } };
  throw badRequest('invalidFilter', `null can't be compared with ${op}.`);
}

const ORDERED = new Set<CompareOp>(['gt', 'ge', 'lt', 'le']);

function typedValue({ attribute, sub }: ResolvedAttribute, op: CompareOp, token: Token): FilterValue {
  const { name, type } = sub ?? attribute;
  const wrong = () => badRequest('invalidFilter', `${name} can't be compared with that value.`);
  if (type === 'complex') throw badRequest('invalidFilter', `Compare a part of ${name}.`);
  if (type === 'boolean') {
    const text = token.text.toLowerCase();
    if ((text !== 'true' && text !== 'false') || (op !== 'eq' && op !== 'ne')) throw wrong();
    return text === 'true';
  }
  if (type === 'integer' || type === 'decimal') {
    const number = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(token.text) ? Number(token.text) : Number.NaN;
    if (!Number.isFinite(number) || !(ORDERED.has(op) || op === 'eq' || op === 'ne')) throw wrong();
    return number;
  }
  // The database knows no text with U+0000 in it.
  if (token.kind !== 'string' || token.text.includes('\0')) throw wrong();
  if (type !== 'dateTime') return token.text;
  const date = dateOf(token.text);
  if (!date || !(ORDERED.has(op) || op === 'eq' || op === 'ne')) throw wrong();
  return date;
}

/** xsd:dateTime with any number of fraction digits: Entra sends seven. */
function dateOf(text: string): Date | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?$/.test(text)) return undefined;
  const date = new Date(/(Z|[+-]\d\d:\d\d)$/.test(text) ? text : `${text}Z`);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

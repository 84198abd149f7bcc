import { type Test, testOf } from './comparison.js';
import { type Comparison, type Condition, groupOf } from './document.js';
import type { Lists } from './lists.js';
import { NOT_YET, type Scope } from './scope.js';
import { FALSE, type Level, not, TRUE } from './truth.js';

/**
 * All conditions of a policy as nodes in flat arrays, which one loop walks: several times faster than closures within
 * closures. A node is a comparison, whose `from` is the number of its test, or a group, whose children are the nodes
 * `children[from]` up to `children[to]`. Comparisons that are the same have one test, made once in an evaluation.
 */
export interface Program {
  readonly kinds: Uint8Array;
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly children: Int32Array;
  readonly tests: readonly Test[];
}

const ALL = 0;
const ANY = 1;
const NONE = 2;
const COMPARISON = 3;

const KINDS = { all: ALL, any: ANY, none: NONE } as const;

/** Collects conditions into a program. */
export class ProgramBuilder {
  private readonly nodes: { kind: number; from: number; to: number }[] = [];
  private readonly children: number[] = [];
  private readonly tests: Test[] = [];
  private readonly numbers = new Map<string, number>();

  constructor(private readonly lists: Lists | undefined) {}

  /** @returns the node of the condition */
  add(condition: Condition): number {
    if ('fact' in condition) {
      const test = this.testNumber(condition);
      return this.nodes.push({ kind: COMPARISON, from: test, to: test }) - 1;
    }
    const { kind, children } = groupOf(condition);
    const nodes = children.map((child) => this.add(child));
    const from = this.children.length;
    this.children.push(...nodes);
    return this.nodes.push({ kind: KINDS[kind], from, to: this.children.length }) - 1;
  }

  build(): Program {
    return {
      kinds: Uint8Array.from(this.nodes, ({ kind }) => kind),
      from: Int32Array.from(this.nodes, ({ from }) => from),
      to: Int32Array.from(this.nodes, ({ to }) => to),
      children: Int32Array.from(this.children),
      tests: this.tests,
    };
  }

  private testNumber(comparison: Comparison): number {
    const key = JSON.stringify(comparison);
    const known = this.numbers.get(key);
    if (known !== undefined) return known;
    const number = this.tests.push(testOf(comparison, this.lists)) - 1;
    this.numbers.set(key, number);
    return number;
  }
}

/** The node of a child of a group. */
export function childOf(program: Program, node: number, index: number): number {
  return program.children[(program.from[node] ?? 0) + index] ?? 0;
}

/** How the condition of a node comes out. */
export function levelAt(program: Program, node: number, scope: Scope): Level {
  const { kinds, from, to, children, tests } = program;
  const { levels } = scope;
  const kind = kinds[node];
  if (kind === COMPARISON) return levelOfTest(tests, from[node] as number, scope);
  let result: Level = kind === ALL ? TRUE : FALSE;
  const end = to[node] as number;
  for (let index = from[node] as number; index < end; index++) {
    const child = children[index] as number;
    let level: Level;
    if (kinds[child] === COMPARISON) {
      const number = from[child] as number;
      const known = levels[number];
      level = known === NOT_YET ? levelOfTest(tests, number, scope) : (known as Level);
    } else level = levelAt(program, child, scope);
    if (kind === ALL) {
      if (level === FALSE) return FALSE;
      if (level < result) result = level;
    } else {
      if (level === TRUE) return kind === ANY ? TRUE : FALSE;
      if (level > result) result = level;
    }
  }
  return kind === NONE ? not(result) : result;
}

function levelOfTest(tests: readonly Test[], number: number, scope: Scope): Level {
  const known = scope.levels[number];
  if (known !== NOT_YET) return known as Level;
  const level = (tests[number] as Test)(scope);
  scope.levels[number] = level;
  return level;
}

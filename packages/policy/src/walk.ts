import { type Comparison, type Condition, groupOf, type Path } from './document.js';
import type { Level } from './truth.js';

/** Every comparison of a condition with its place. */
export function* comparisonsOf(condition: Condition, path: Path): Generator<[Comparison, Path]> {
  if ('fact' in condition) {
    yield [condition, path];
    return;
  }
  const { kind, children } = groupOf(condition);
  for (const [index, child] of children.entries()) yield* comparisonsOf(child, [...path, kind, index]);
}

/** The least and the greatest level that a condition can have. */
export type Range = readonly [Level, Level];

/** The range of a condition from the ranges of its comparisons, as if they knew nothing of each other. */
export function rangeOf(condition: Condition, leaf: (comparison: Comparison) => Range): Range {
  if ('fact' in condition) return leaf(condition);
  const { kind, children } = groupOf(condition);
  const ranges = children.map((child) => rangeOf(child, leaf));
  const lows = ranges.map(([low]) => low);
  const highs = ranges.map(([, high]) => high);
  if (kind === 'all') return [Math.min(2, ...lows) as Level, Math.min(2, ...highs) as Level];
  const range = [Math.max(0, ...lows) as Level, Math.max(0, ...highs) as Level] as const;
  return kind === 'any' ? range : [(2 - range[1]) as Level, (2 - range[0]) as Level];
}

import { DomainError, invalid } from '../../kernel/errors.js';
import type { GraphContext } from './context.js';
import { isExpected, toUserErrors, type UserError } from './errors.js';

/** Items of one batch. */
const MOST = 1_000;
/** Transactions of one batch at a time: the others of the pool are for everyone else. */
const AT_ONCE = 4;

export interface Answer<T> {
  readonly made: T | undefined;
  readonly error: UserError | null;
}

/** @throws DomainError INVALID_INPUT for none or too many items */
export function refuseBatch(field: string, items: readonly unknown[]): void {
  if (items.length === 0) throw invalid('Name at least one.', field);
  if (items.length > MOST) throw invalid('At most 1,000 at a time.', field);
}

/**
 * Each item by itself, in a transaction of its own: a failure of one takes no other with it.
 * @returns an answer for each, in the order given
 * @throws DomainError INVALID_INPUT for none or too many items, and FORBIDDEN before anything was done
 */
export async function answerEach<I, T>(
  graph: GraphContext,
  field: string,
  items: readonly I[],
  run: (item: I) => Promise<T>,
): Promise<Answer<T>[]> {
  refuseBatch(field, items);
  const answers: Answer<T>[] = [];
  const waiting = items.entries();
  const work = async (): Promise<void> => {
    for (const [index, item] of waiting) answers[index] = await answerOne(graph, () => run(item));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return answers;
}

async function answerOne<T>(graph: GraphContext, run: () => Promise<T>): Promise<Answer<T>> {
  try {
    return { made: await run(), error: null };
  } catch (error) {
    if (isExpected(error)) return { made: undefined, error: toUserErrors(error)[0] ?? null };
    // A scope that is missing is missing for every item.
    if (error instanceof DomainError) throw error;
    graph.report(error);
    return {
      made: undefined,
      error: { code: 'INTERNAL', message: 'Something went wrong on our side.', path: null },
    };
  }
}

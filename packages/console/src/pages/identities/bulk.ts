/** Ids of the chosen identities with their names. */
export type Chosen = ReadonlyMap<string, string>;

interface Result {
  readonly identityId: string;
  readonly error: { readonly message: string } | null;
}

export interface Failure {
  readonly id: string;
  readonly name: string;
  readonly message: string;
}

/** What came of each, sorted by whether it went well. */
export function sorted(
  chosen: Chosen,
  results: readonly Result[],
): { readonly done: readonly string[]; readonly failures: readonly Failure[] } {
  return {
    done: results.filter(({ error }) => error === null).map(({ identityId }) => identityId),
    failures: results.flatMap(({ identityId: id, error }) =>
      error === null ? [] : [{ id, name: chosen.get(id) ?? id, message: error.message }],
    ),
  };
}

export const countOf = (count: number): string =>
  count === 1 ? '1 identity' : `${count.toLocaleString('en')} identities`;

const SHOWN = 10;

/** Who it is about, as far as a person reads it: "Ada, Grace and 3 more". */
export function namesOf(chosen: Chosen): string {
  const names = [...chosen.values()];
  const more = names.length - SHOWN;
  return more > 0 ? `${names.slice(0, SHOWN).join(', ')} and ${more} more` : names.join(', ');
}

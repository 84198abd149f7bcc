import type { FactType } from './facts.js';

/** What a named list holds: networks in CIDR notation, ISO 3166-1 alpha-2 codes, or authenticator models (AAGUID). */
export const LIST_TYPES = ['NETWORKS', 'COUNTRIES', 'MODELS'] as const;

export type ListType = (typeof LIST_TYPES)[number];

export interface NamedList {
  readonly type: ListType;
  readonly values: readonly string[];
}

/** Stands where a list of values may stand, for the values of the list of this name. */
export interface ListReference {
  readonly list: string;
}

export function isListReference(value: unknown): value is ListReference {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && 'list' in value;
}

/** The type of list that a type of fact can be compared with; undefined where it takes none. */
export function listTypeOf(type: FactType): ListType | undefined {
  switch (type) {
    case 'ip':
      return 'NETWORKS';
    case 'country':
      return 'COUNTRIES';
    case 'aaguid':
      return 'MODELS';
    default:
      return undefined;
  }
}

/** The named lists of a policy. */
export type Lists = Readonly<Record<string, NamedList>>;

/** The list of this name if it has this type; a list that is not there leaves a comparison undecided. */
export function listOf(lists: Lists | undefined, name: string, type: FactType): NamedList | undefined {
  const list = lists !== undefined && Object.hasOwn(lists, name) ? lists[name] : undefined;
  return list?.type === listTypeOf(type) ? list : undefined;
}

import type { CredentialFilter, CredentialOrder } from '../../generated/graphql';
import { type ListSearch, listSearch, type RawSearch, textOf, wordOf } from '../../search';

export const STATUSES = ['ACTIVE', 'REVOKED'] as const;
export const KEPT = ['device', 'synced'] as const;
export const ATTESTED = ['yes', 'no'] as const;
export const USES = ['never', '30', '90', '365'] as const;
export const AGES = ['new-30', 'old-90', 'old-365'] as const;
const ORDERS: readonly CredentialOrder[] = [
  'CREATED_AT_ASC',
  'CREATED_AT_DESC',
  'LAST_USED_AT_ASC',
  'LAST_USED_AT_DESC',
];

/** The address of a view of the inventory. */
export interface InventorySearch extends ListSearch {
  status?: (typeof STATUSES)[number] | undefined;
  /** An AAGUID. */
  model?: string | undefined;
  kept?: (typeof KEPT)[number] | undefined;
  attested?: (typeof ATTESTED)[number] | undefined;
  /** Not used for so many days, or never. */
  unused?: (typeof USES)[number] | undefined;
  /** Created in the last days, or before them. */
  created?: (typeof AGES)[number] | undefined;
  order?: CredentialOrder | undefined;
}

export const inventorySearch = (raw: RawSearch): InventorySearch => ({
  ...listSearch(raw),
  status: wordOf(raw, 'status', STATUSES),
  model: textOf(raw, 'model'),
  kept: wordOf(raw, 'kept', KEPT),
  attested: wordOf(raw, 'attested', ATTESTED),
  unused: wordOf(raw, 'unused', USES),
  created: wordOf(raw, 'created', AGES),
  order: wordOf(raw, 'order', ORDERS),
});

const DAY_MS = 86_400_000;

/** @param today the start of a day, so that the same view asks the same question all day */
export function inventoryFilter(search: InventorySearch, today: Date): CredentialFilter {
  const before = (days: number): string => new Date(today.getTime() - days * DAY_MS).toISOString();
  const { status, model, kept, attested, unused, created } = search;
  const [age, days] = created?.split('-') ?? [];
  return {
    ...(status ? { status } : {}),
    ...(model ? { aaguid: model } : {}),
    ...(kept ? { deviceBound: kept === 'device' } : {}),
    ...(attested ? { attested: attested === 'yes' } : {}),
    ...(unused === 'never' ? { neverUsed: true } : unused ? { unusedSince: before(Number(unused)) } : {}),
    ...(age === 'new' ? { createdAfter: before(Number(days)) } : {}),
    ...(age === 'old' ? { createdBefore: before(Number(days)) } : {}),
  };
}

export const isFiltered = ({ after, before, order, ...filters }: InventorySearch): boolean =>
  Object.values(filters).some((value) => value !== undefined);

/** Where the same view is exported from. */
export function exportAddress(realmId: string, search: InventorySearch, today: Date): string {
  const said = { format: 'csv', query: search.q, ...inventoryFilter(search, today) };
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(said))
    if (value !== undefined && value !== null) parameters.set(name, String(value));
  return `/realms/${encodeURIComponent(realmId)}/credentials/export?${parameters}`;
}

export function startOfToday(): Date {
  const today = new Date();
  today.setHours(0, 0, 0, 0);
  return today;
}

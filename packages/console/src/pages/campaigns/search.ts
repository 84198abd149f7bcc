import type { CampaignPersonState } from '../../generated/graphql';
import { type PageSearch, pageSearch, type RawSearch, wordOf } from '../../search';

export const STATES: readonly CampaignPersonState[] = [
  'WAITING',
  'FAILED',
  'LAPSED',
  'NO_ADDRESS',
  'ADMINISTRATOR',
  'EXCLUDED',
  'ENROLLED',
];

/** The address of a view of a campaign's people. */
export interface CampaignSearch extends PageSearch {
  /** Everyone without a passkey unless said. */
  state?: CampaignPersonState | undefined;
}

export const campaignSearch = (raw: RawSearch): CampaignSearch => ({
  ...pageSearch(raw),
  state: wordOf(raw, 'state', STATES),
});

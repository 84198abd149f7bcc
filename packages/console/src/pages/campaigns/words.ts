import type { CampaignEndReason, CampaignPersonState } from '../../generated/graphql';

export const STATE_LABELS: Record<CampaignPersonState, string> = {
  WAITING: 'Has an open link',
  FAILED: 'Failed',
  LAPSED: 'Link is over',
  NO_ADDRESS: 'No e-mail address',
  ADMINISTRATOR: 'Administrator',
  EXCLUDED: 'Excluded',
  ENROLLED: 'Has a passkey',
};

export const END_REASONS: Record<CampaignEndReason, string> = {
  BY_HAND: 'Ended by an administrator',
  DUE: 'Ended with its date',
  GROUP_DELETED: 'Ended with its group',
};

/** @returns days as typed: numbers between commas or spaces; nothing where one of them is no whole number */
export function daysOf(text: string): number[] | undefined {
  const days = text
    .split(/[\s,;]+/)
    .filter(Boolean)
    .map(Number);
  return days.every(Number.isInteger) ? days : undefined;
}

/** @returns the last moment of a day, in the reader's own time zone */
export const endOfDay = (date: string): string | undefined => {
  const at = new Date(`${date}T23:59:59`);
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString();
};

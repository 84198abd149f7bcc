import type { ClientRowFragment } from '../../generated/graphql';

type Limits = Pick<ClientRowFragment['brake'], 'maxCount' | 'maxPercent' | 'windowMinutes'>;

/** What stops a client, as a person reads it: "50 or 10 % in 60 min". */
export function limitsInWords({ maxCount, maxPercent, windowMinutes }: Limits): string {
  const limits = [
    ...(maxCount === null ? [] : [maxCount.toLocaleString('en')]),
    ...(maxPercent === null ? [] : [`${maxPercent} %`]),
  ];
  return windowMinutes === null || limits.length === 0
    ? 'Off'
    : `${limits.join(' or ')} in ${windowMinutes} min`;
}

/** @param typed what a number field holds: the number, or the empty text */
export const numberOf = (typed: number | string): number | null => (typed === '' ? null : Number(typed));

import type { EnrollmentStatus, IdentityStatus } from '../../generated/graphql';
import { type ListSearch, listSearch, type RawSearch, textOf, wordOf } from '../../search';

export const STATUSES: readonly IdentityStatus[] = ['ACTIVE', 'SUSPENDED'];

export const ENROLMENT_LABELS: Record<EnrollmentStatus, string> = {
  ENROLLED: 'Has a passkey',
  PENDING: 'Invited',
  INVITE_FAILED: 'Invitation failed',
  UNENROLLED: 'Not invited',
};

export const ENROLMENTS = Object.keys(ENROLMENT_LABELS) as EnrollmentStatus[];

export interface IdentitiesSearch extends ListSearch {
  status?: IdentityStatus | undefined;
  enrolment?: EnrollmentStatus | undefined;
  group?: string | undefined;
}

export const identitiesSearch = (raw: RawSearch): IdentitiesSearch => ({
  ...listSearch(raw),
  status: wordOf(raw, 'status', STATUSES),
  enrolment: wordOf(raw, 'enrolment', ENROLMENTS),
  group: textOf(raw, 'group'),
});

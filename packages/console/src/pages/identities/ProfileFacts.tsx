import { AppLink } from '../../components/AppLink';
import { CopyField } from '../../components/CopyField';
import { Moment, StateBadge } from '../../components/cells';
import { Facts } from '../../components/Facts';
import type { IdentityProfileFragment, TypedFragment } from '../../generated/graphql';
import { useRealm } from '../../layout/realm';
import { paths } from '../../paths';
import { ENROLMENT_LABELS } from './search';

/** What of a profile is shown where it has a value and not edited here. */
export function ProfileFacts({ identity }: { readonly identity: IdentityProfileFragment }) {
  const { id: realmId } = useRealm();
  const { manager, enrollmentStatus } = identity;
  return (
    <>
      <Facts
        facts={[
          [
            'Enrolment',
            <StateBadge key="e" value={enrollmentStatus} label={ENROLMENT_LABELS[enrollmentStatus]} />,
          ],
          ['Last sign-in', <Moment key="l" value={identity.lastSignInAt} />],
          [
            'Manager',
            manager ? (
              <AppLink key="m" to={paths.identity(realmId, manager.id)}>
                {manager.displayName}
              </AppLink>
            ) : undefined,
          ],
          ['Addresses', textOf(identity.addresses.map(addressOf))],
          ['Messengers', textOf(identity.ims.map(shown))],
          ['Photos', textOf(identity.photos.map(shown))],
          ['Entitlements', textOf(identity.entitlements.map(shown))],
          ['Roles of the provider', textOf(identity.scimRoles.map(shown))],
          ['Created', <Moment key="c" value={identity.createdAt} />],
        ]}
      />
      <CopyField label="Identity id" value={identity.id} />
    </>
  );
}

const textOf = (values: readonly string[]): string | undefined =>
  values.length === 0 ? undefined : values.join('; ');

const withType = (text: string, type: string | null): string => (type === null ? text : `${text} (${type})`);

const shown = ({ value, display, type }: TypedFragment): string => withType(display ?? value, type);

function addressOf(address: IdentityProfileFragment['addresses'][number]): string {
  const { formatted, streetAddress, postalCode, locality, region, country, type } = address;
  const parts = [streetAddress, postalCode, locality, region, country].filter((part) => part !== null);
  return withType(formatted ?? parts.join(', '), type);
}

import { Badge, Text } from '@mantine/core';
import classes from './components.module.css';

const toTheMinute = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
const toTheSecond = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });

export interface MomentProps {
  readonly value: string | null;
  /** In place of a moment that has not come. */
  readonly none?: string;
  readonly seconds?: boolean;
}

/** A moment in the reader's own time zone; the exact one in its title. */
export function Moment({ value, none = 'Never', seconds = false }: MomentProps) {
  if (value === null)
    return (
      <Text span inherit c="dimmed">
        {none}
      </Text>
    );
  return (
    <time dateTime={value} title={value} className={classes.moment}>
      {(seconds ? toTheSecond : toTheMinute).format(new Date(value))}
    </time>
  );
}

const COLOURS: Record<string, string> = {
  ACTIVE: 'green',
  SUSPENDED: 'yellow',
  REVOKED: 'gray',
  COMPLETED: 'green',
  LINK_SENT: 'blue',
  LINK_OPENED: 'blue',
  CHALLENGED: 'blue',
  EXPIRED: 'gray',
  FAILED: 'red',
  FAILED_TO_SEND: 'red',
  SUCCESS: 'green',
  ALLOW: 'green',
  DENY: 'red',
  FAILURE: 'red',
  REFUSED: 'red',
  MONITOR: 'yellow',
  ENROLLED: 'green',
  PENDING: 'blue',
  INVITE_FAILED: 'red',
  RUNNING: 'green',
  PAUSED: 'red',
  REJECTED: 'red',
  RELEASED: 'yellow',
};

/** A word of the API, as a person reads it. */
export const wordsOf = (constant: string): string =>
  constant.charAt(0).toUpperCase() + constant.slice(1).toLowerCase().replaceAll('_', ' ');

/** The state of a thing: never by colour alone. */
export function StateBadge({ value, label }: { readonly value: string; readonly label?: string }) {
  return (
    <Badge miw="max-content" variant="light" color={COLOURS[value.toUpperCase()] ?? 'gray'} tt="none">
      {label ?? wordsOf(value)}
    </Badge>
  );
}

/** On what Keyrealm made for itself and nobody edits. */
export function ManagedBadge() {
  return (
    <Badge miw="max-content" variant="outline" color="gray" tt="none">
      Managed by Keyrealm
    </Badge>
  );
}

export function AdminRealmBadge() {
  return (
    <Badge variant="light" color="indigo" tt="none">
      Admin Realm
    </Badge>
  );
}

export function Mono({ children }: { readonly children: string }) {
  return <span className={classes.mono}>{children}</span>;
}

export function Plain({ value }: { readonly value: string | null | undefined }) {
  return value ? (
    value
  ) : (
    <Text span inherit c="dimmed">
      {'\u2013'}
    </Text>
  );
}

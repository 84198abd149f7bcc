import { useQuery } from '@apollo/client/react';
import { GroupNameDocument } from '../../generated/graphql';
import { useRealm } from '../../layout/realm';
import { useRefusal } from '../../layout/viewer';
import { GroupSelect } from '../groups/GroupSelect';

export interface GroupFilterProps {
  /** Id of a group. */
  readonly value: string | undefined;
  readonly onChange: (groupId: string | undefined) => void;
}

export function GroupFilter({ value, onChange }: GroupFilterProps) {
  const { id: realmId } = useRealm();
  const hidden = useRefusal()('groups:read') !== undefined;
  const { data } = useQuery(GroupNameDocument, {
    variables: { realmId, groupId: value ?? '' },
    skip: value === undefined || hidden,
  });
  if (hidden) return null;
  const group = data?.realm?.group;
  return (
    <GroupSelect
      label="Group"
      placeholder="Any group"
      value={value ?? null}
      chosen={group ? { value: group.id, label: group.displayName } : undefined}
      onPick={(groupId) => onChange(groupId ?? undefined)}
    />
  );
}

import { useQuery } from '@apollo/client/react';
import { Badge, Group, List, Stack, Text } from '@mantine/core';
import { kept } from '../../apollo/kept';
import { Moment, StateBadge } from '../../components/cells';
import { Json } from '../../components/Json';
import { LoadFailed } from '../../components/LoadFailed';
import { PageHeader } from '../../components/PageHeader';
import { Section } from '../../components/Section';
import { PolicyDocument, type PolicyQuery } from '../../generated/graphql';
import { PageSkeleton, useRealm } from '../../layout/realm';

type Policy = NonNullable<PolicyQuery['realm']>['policy'];
type Rule = Policy['rules'][number];

export function PolicyPage() {
  const { id: realmId } = useRealm();
  const { data, failed, retry } = kept(useQuery(PolicyDocument, { variables: { realmId } }));
  const policy = data?.realm?.policy;
  return (
    <>
      <PageHeader
        title="Policy"
        badges={
          policy ? (
            <Badge variant="outline" color="gray" tt="none">
              Version {policy.version}
            </Badge>
          ) : null
        }
      />
      {failed ? <LoadFailed onRetry={retry} /> : null}
      {policy === undefined && !failed ? <PageSkeleton /> : null}
      {policy ? <PolicyContent policy={policy} /> : null}
    </>
  );
}

function PolicyContent({ policy }: { readonly policy: Policy }) {
  return (
    <Stack>
      <Text size="sm" c="dimmed">
        Asked before every registration of a passkey and every sign-in. Published by {policy.createdByName},{' '}
        <Moment value={policy.createdAt} />
        {policy.note ? `: ${policy.note}` : '.'}
      </Text>
      <Section title="Rules">
        <List type="ordered" spacing="sm" size="sm">
          {policy.rules.map((rule) => (
            <RuleItem key={rule.id} rule={rule} />
          ))}
        </List>
        <Text size="sm" c="dimmed" mt="md">
          The first rule that fits and allows or denies has the last word. Where none does, the answer is no.
        </Text>
      </Section>
      <Section title="As JSON">
        <Json label="Policy document" value={policy.document} />
      </Section>
    </Stack>
  );
}

function RuleItem({ rule }: { readonly rule: Rule }) {
  return (
    <List.Item>
      <Group gap="xs">
        <Text span size="sm" fw={600}>
          {rule.name}
        </Text>
        <StateBadge value={rule.action} />
        {rule.enabled ? null : <StateBadge value="DISABLED" label="Switched off" />}
      </Group>
      <Text size="sm" {...(rule.enabled ? {} : { c: 'dimmed' })}>
        {rule.sentence}
      </Text>
    </List.Item>
  );
}

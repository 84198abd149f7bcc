import { ActionIcon, CopyButton, Group, Text, Tooltip } from '@mantine/core';
import classes from './components.module.css';
import { CheckIcon, CopyIcon } from './icons';

export interface CopyFieldProps {
  readonly label: string;
  readonly value: string;
}

/** A value that goes into somebody else's settings. */
export function CopyField({ label, value }: CopyFieldProps) {
  return (
    <div>
      <Text size="xs" c="dimmed">
        {label}
      </Text>
      <Group gap="xs" wrap="nowrap" align="flex-start">
        <span className={classes.value}>{value}</span>
        <CopyButton value={value}>
          {({ copied, copy }) => (
            <Tooltip label={copied ? 'Copied' : 'Copy'}>
              <ActionIcon
                variant="subtle"
                color="gray"
                size="sm"
                onClick={copy}
                aria-label={copied ? `${label} copied` : `Copy ${label}`}
              >
                {copied ? <CheckIcon size={16} /> : <CopyIcon size={16} />}
              </ActionIcon>
            </Tooltip>
          )}
        </CopyButton>
      </Group>
    </div>
  );
}

import { Code } from '@mantine/core';
import classes from './components.module.css';

export interface JsonProps {
  readonly label: string;
  readonly value: unknown;
}

export function Json({ label, value }: JsonProps) {
  return (
    <Code block className={classes.json} tabIndex={0} role="region" aria-label={label}>
      {JSON.stringify(value, null, 2)}
    </Code>
  );
}

import { Button, type ButtonProps, Tooltip } from '@mantine/core';
import { type MouseEvent, useId } from 'react';
import classes from './components.module.css';

export interface ActionButtonProps extends ButtonProps {
  readonly onClick: () => void;
  /** Why this can't be done now. The button stays reachable by keyboard, so that the reason is too. */
  readonly refusal?: string | undefined;
  readonly 'aria-label'?: string;
}

/** A button that says why it is disabled. */
export function ActionButton({ onClick, refusal, ...button }: ActionButtonProps) {
  const reasonId = useId();
  if (refusal === undefined) return <Button {...button} onClick={onClick} />;
  return (
    <>
      <Tooltip label={refusal}>
        <Button
          {...button}
          data-disabled
          aria-disabled
          aria-describedby={reasonId}
          onClick={(event: MouseEvent) => event.preventDefault()}
        />
      </Tooltip>
      <span id={reasonId} className={classes.hiddenText}>
        {refusal}
      </span>
    </>
  );
}

import type { OperationVariables, TypedDocumentNode } from '@apollo/client';
import { Alert, Button, Group, List, Stack } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { type ReactNode, useState } from 'react';
import { fieldsOf, type PlacedProblems, placeProblems } from '../apollo/errors';
import { type CommandOptions, type PayloadOf, useCommand } from '../apollo/useCommand';
import { ActionButton } from './ActionButton';
import { UnsavedGuard } from './UnsavedGuard';

export interface MutationFormProps<Values extends object, Data, Variables> extends CommandOptions {
  readonly form: UseFormReturnType<Values>;
  readonly document: TypedDocumentNode<Data, Variables>;
  /** Form values mirror the form; here they become the input. */
  readonly variables: (values: Values) => Variables;
  readonly submitLabel: string;
  readonly onDone: (payload: PayloadOf<Data>) => void;
  readonly onCancel?: () => void;
  /** Loads what someone else has saved meanwhile. */
  readonly onReload?: () => void;
  /** Why this person can't save. */
  readonly refusal?: string | undefined;
  readonly children: ReactNode;
}

/** The one way a form changes something: problems go to their fields, the rest above all of them. */
export function MutationForm<Values extends object, Data, Variables extends OperationVariables>(
  props: MutationFormProps<Values, Data, Variables>,
) {
  const { form, document, variables, submitLabel, onDone, onCancel, refusal, children, ...options } = props;
  const [run, busy] = useCommand(document, options);
  const [placed, setPlaced] = useState<PlacedProblems>();

  const submit = async (values: Values) => {
    setPlaced(undefined);
    const outcome = await run(variables(values));
    if (outcome.kind === 'refused') {
      const problems = placeProblems(outcome.problems, fieldsOf(values));
      form.setErrors(problems.fields);
      setPlaced(problems);
      focusFirst(form, Object.keys(problems.fields));
    }
    if (outcome.kind !== 'done') return;
    form.resetDirty(values);
    onDone(outcome.payload);
  };

  return (
    <form
      noValidate
      aria-busy={busy}
      onSubmit={form.onSubmit(
        (values) => {
          // A second Enter while the first is on its way must not create a second thing.
          if (!busy && refusal === undefined) void submit(values);
        },
        (errors) => focusFirst(form, Object.keys(errors)),
      )}
    >
      <UnsavedGuard dirty={() => form.isDirty()} />
      <Stack>
        <Problems placed={placed} onReload={props.onReload} />
        {children}
        <Group justify="flex-end">
          {onCancel ? (
            <Button variant="default" onClick={onCancel}>
              Cancel
            </Button>
          ) : null}
          {refusal === undefined ? (
            <Button type="submit" loading={busy}>
              {submitLabel}
            </Button>
          ) : (
            <ActionButton refusal={refusal} onClick={() => undefined}>
              {submitLabel}
            </ActionButton>
          )}
        </Group>
      </Stack>
    </form>
  );
}

function Problems(props: {
  readonly placed: PlacedProblems | undefined;
  readonly onReload: (() => void) | undefined;
}) {
  const { placed, onReload } = props;
  if (placed === undefined || placed.banner.length === 0) return null;
  return (
    <Alert color="red" variant="light" role="alert" title="Not saved">
      <List size="sm" listStyleType={placed.banner.length > 1 ? 'disc' : 'none'}>
        {placed.banner.map((message) => (
          <List.Item key={message}>{message}</List.Item>
        ))}
      </List>
      {placed.stale && onReload ? (
        <Button variant="default" size="xs" mt="xs" onClick={onReload}>
          Load the latest
        </Button>
      ) : null}
    </Alert>
  );
}

function focusFirst<Values extends object>(form: UseFormReturnType<Values>, fields: readonly string[]): void {
  const [first] = fields;
  if (first !== undefined) form.getInputNode(first)?.focus();
}

import type { OperationVariables, TypedDocumentNode } from '@apollo/client';
import { notifyDone, notifyRefusal } from '../components/notify';
import { type CommandOptions, type PayloadOf, useCommand } from './useCommand';

export interface ActionOptions extends CommandOptions {
  /** Sentence in the past tense: "Mira Stone was suspended." */
  readonly done: string;
}

/** A mutation behind a button, without a form: its problems are notifications. Resolves to the payload when it went well. */
export function useAction<Data, Variables extends OperationVariables>(
  document: TypedDocumentNode<Data, Variables>,
  options: ActionOptions,
): [run: (variables: Variables) => Promise<PayloadOf<Data> | undefined>, busy: boolean] {
  const [command, busy] = useCommand(document, options);
  const run = async (variables: Variables): Promise<PayloadOf<Data> | undefined> => {
    const outcome = await command(variables);
    if (outcome.kind === 'refused') for (const problem of outcome.problems) notifyRefusal(problem.message);
    if (outcome.kind !== 'done') return undefined;
    notifyDone(options.done);
    return outcome.payload;
  };
  return [run, busy];
}

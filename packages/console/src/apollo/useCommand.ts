import type { OperationVariables, TypedDocumentNode } from '@apollo/client';
import { useMutation } from '@apollo/client/react';
import { notifyCaution } from '../components/notify';
import type { CautionFragment, ProblemFragment } from '../generated/graphql';
import { forget, type Stale } from './forget';

/** What every mutation returns. */
export interface Payload {
  readonly errors: readonly ProblemFragment[];
  readonly warnings?: readonly CautionFragment[];
}

export type PayloadOf<Data> = Extract<Data[keyof Data], Payload>;

export type Outcome<P> =
  | { readonly kind: 'done'; readonly payload: P }
  | { readonly kind: 'refused'; readonly problems: readonly ProblemFragment[] }
  /** The request failed as a whole; the error link has told the person. */
  | { readonly kind: 'failed' };

export interface CommandOptions {
  readonly stale?: readonly Stale[];
  /** The answer holds a secret: nothing of it goes into the cache. */
  readonly secret?: boolean;
}

/** Runs a mutation and sorts its answer; shows warnings, forgets lists that no longer hold. */
export function useCommand<Data, Variables extends OperationVariables>(
  document: TypedDocumentNode<Data, Variables>,
  options: CommandOptions = {},
): [run: (variables: Variables) => Promise<Outcome<PayloadOf<Data>>>, busy: boolean] {
  const [mutate, { loading, client }] = useMutation<Data, OperationVariables>(document, {
    fetchPolicy: options.secret ? 'no-cache' : 'network-only',
  });
  const run = async (variables: Variables): Promise<Outcome<PayloadOf<Data>>> => {
    const payload = await mutate({ variables }).then(
      ({ data }) => (data ? (Object.values(data)[0] as PayloadOf<Data>) : undefined),
      () => undefined,
    );
    if (payload === undefined) return { kind: 'failed' };
    for (const warning of payload.warnings ?? []) notifyCaution(warning.message);
    if (payload.errors.length > 0) return { kind: 'refused', problems: payload.errors };
    forget(client.cache, options.stale ?? []);
    return { kind: 'done', payload };
  };
  return [run, loading];
}

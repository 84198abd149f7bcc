import { AsyncLocalStorage } from 'node:async_hooks';
import type { RealmCtx, RealmRef, RequestFacts } from '../../kernel/context.js';

/** The request that the engine works on: its callbacks and its storage get no other way to know. */
export interface Flow {
  readonly realm: RealmRef;
  readonly facts: RequestFacts;
  /** Of the whole flow: taken from what was stored when it began. */
  correlationId: string;
  /** A browser that finishes what an application began by itself: it keeps no session with us. */
  stranger: boolean;
  /** What a sign-in on an application's own page proved, for the interaction that it was for: in this request alone. */
  redeemed?: { readonly uid: string; readonly result: Record<string, unknown> };
  /** What the engine refused, for the event. */
  refusal?: Error;
  /** What was looked up for this request: the engine asks for the same thing again and again. */
  readonly known: Map<string, Promise<unknown>>;
}

export const beginFlow = (realm: RealmRef, facts: RequestFacts): Flow => ({
  realm,
  facts,
  correlationId: facts.correlationId,
  stranger: false,
  known: new Map(),
});

/** The application or the identity as it was when this request first asked. */
export function once<T>(kind: string, id: string, load: () => Promise<T>): Promise<T> {
  const { known } = currentFlow();
  const key = `${kind} ${id}`;
  const found = (known.get(key) as Promise<T> | undefined) ?? load();
  known.set(key, found);
  return found;
}

const flows = new AsyncLocalStorage<Flow>();

export const runFlow = <T>(flow: Flow, body: () => T): T => flows.run(flow, body);

export function currentFlow(): Flow {
  const flow = flows.getStore();
  if (!flow) throw new Error('the engine was used outside a request');
  return flow;
}

/** Nobody signed in, as far as the protocol knows: the context for commands that say `anyone`. */
export const flowContext = (flow: Flow): RealmCtx => ({
  ...flow.facts,
  correlationId: flow.correlationId,
  actor: { kind: 'ANONYMOUS' },
  tenantId: flow.realm.tenantId,
  grants: new Map(),
  realm: flow.realm,
});

import { now } from './clock.js';

/** What is worth remembering for a short time, in the memory of one node: the oldest goes first. Never a secret. */
export interface Fresh<Value> {
  get(key: string): Value | undefined;
  set(key: string, value: Value): void;
}

/** @param most how many are kept @param lifetimeMs how long each is believed */
export function createFresh<Value>(most: number, lifetimeMs: number): Fresh<Value> {
  const kept = new Map<string, { readonly value: Value; readonly until: number }>();
  return {
    get(key) {
      const found = kept.get(key);
      return found && found.until > now().getTime() ? found.value : undefined;
    },
    set(key, value) {
      kept.delete(key);
      if (kept.size >= most) kept.delete(kept.keys().next().value ?? '');
      kept.set(key, { value, until: now().getTime() + lifetimeMs });
    },
  };
}

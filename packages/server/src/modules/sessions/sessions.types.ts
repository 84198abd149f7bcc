/** How long a session lasts in a realm that said nothing: 14 hours. */
export const ABSOLUTE_SECONDS = 50_400;

export interface SessionSettings {
  /** From the sign-in on, whatever happens; in seconds. */
  readonly absoluteSeconds: number;
  /** Without a sign of the person, in seconds; null for no such limit. */
  readonly idleSeconds: number | null;
  readonly version: number;
}

/** Why a session ended; kept in its event. */
export type SessionEnd = 'signed_out' | 'superseded' | 'ended_by_person' | 'ended_by_administrator';

export const sessionSubject = (id: string) => ({ kind: 'SESSION' as const, id, name: 'Session' });

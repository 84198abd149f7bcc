import type { Work } from '../../kernel/command.js';

/** Something that went well and still needs attention. */
export interface Warning {
  readonly code: string;
  readonly message: string;
}

/** Called after a change and inside its transaction, by everything that could decide who reaches the console. */
export interface AccessGuard {
  /**
   * @returns a warning when only one administrator is left
   * @throws DomainError ADMIN_LOCKOUT when nobody is, which takes the change back
   */
  check(work: Work): Promise<readonly Warning[]>;
}

import { DomainError } from '../../kernel/errors.js';

const taken = (message: string) => () =>
  new DomainError('conflict', 'USERNAME_TAKEN', message, { path: ['username'] });

/** For every command that puts a row into the directory. */
export const usernameConstraints = {
  identities_realm_username_key: taken('Another identity of this realm has this username.'),
  identities_realm_username_skeleton_key: taken('Another identity has a username that looks the same.'),
};

import { z } from 'zod';
import { id, ifVersion, line } from '../../kernel/text.js';

/** RFC 6749, section 3.3: printable ASCII without space, quotation mark and backslash. */
const scopeName = z
  .string()
  .min(1, 'A scope has a name.')
  .max(128, 'At most 128 characters.')
  .regex(
    /^[\x21\x23-\x5b\x5d-\x7e]+$/,
    'Letters, digits and signs, without spaces, quotation marks and backslashes.',
  )
  .refine((name) => !RESERVED.has(name), 'This scope belongs to OpenID Connect.');

/** OpenID Connect Core, section 5.4 and 11: what they mean is not for a resource server to say. */
const RESERVED = new Set(['openid', 'profile', 'email', 'address', 'phone', 'offline_access']);

/** RFC 8707, section 2: an absolute URI without a fragment; also a plain name, as many APIs have one. */
const identifier = line(500).refine(
  (text) => !/\s/.test(text) && !text.includes('#'),
  'No spaces and no #, for example https://api.example.com.',
);

const description = z.string().trim().max(500, 'At most 500 characters.');
const scope = z.object({ name: scopeName, description: description.default('') });

/** Of one resource server. */
export const MOST_SCOPES = 500;

const scopes = z
  .array(scope)
  .max(MOST_SCOPES, `At most ${MOST_SCOPES} scopes.`)
  .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, 'A scope is named twice.');

export const createInput = z.object({
  displayName: line(200),
  identifier,
  scopes: scopes.default([]),
});

export const updateInput = z.object({
  resourceServerId: id,
  ifVersion,
  displayName: line(200).optional(),
  identifier: identifier.optional(),
});

export const addScopesInput = z.object({ resourceServerId: id, ifVersion, scopes: scopes.min(1) });

export const describeScopeInput = z.object({ resourceServerId: id, name: z.string().max(128), description });

export const removeScopesInput = z.object({
  resourceServerId: id,
  ifVersion,
  names: z.array(z.string().max(128)).min(1, 'Name a scope.').max(MOST_SCOPES),
  cascade: z.boolean().nullish(),
});

export const deleteInput = z.object({ resourceServerId: id, ifVersion, cascade: z.boolean().nullish() });

/** A role or an application that uses a resource server or some of its scopes. */
export interface Use {
  readonly id: string;
  readonly displayName: string;
}

export interface Usage {
  readonly roles: readonly Use[];
  readonly applications: readonly Use[];
}

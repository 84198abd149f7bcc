import { CombinedGraphQLErrors, ServerError } from '@apollo/client/errors';
import type { ProblemFragment } from '../generated/graphql';

/** What a form shows: sentences below fields, and the rest above all of them. */
export interface PlacedProblems {
  readonly fields: Record<string, string>;
  readonly banner: readonly string[];
  /** Someone else saved first (`ifVersion`). */
  readonly stale: boolean;
}

/** Puts each problem of a payload on the field that its path names, or on the banner when the form has no such field. */
export function placeProblems(
  problems: readonly ProblemFragment[],
  fields: readonly string[],
): PlacedProblems {
  const placed: Record<string, string> = {};
  const banner: string[] = [];
  for (const problem of problems) {
    const field = fieldOf(problem.path ?? [], fields);
    if (field === undefined) banner.push(problem.message);
    else placed[field] = field in placed ? `${placed[field]} ${problem.message}` : problem.message;
  }
  return { fields: placed, banner, stale: problems.some((problem) => problem.code === 'VERSION_MISMATCH') };
}

/** @returns the innermost field on the path: `emails.0.value`, else `emails.0`, else `emails` */
function fieldOf(path: readonly string[], fields: readonly string[]): string | undefined {
  const ways = path.map((_, index) => path.slice(0, path.length - index).join('.'));
  return ways.find((way) => fields.includes(way));
}

/** The fields of a form's values; those inside of objects and of lists of objects stand after a dot. */
export function fieldsOf(values: object): string[] {
  return Object.entries(values).flatMap(([name, value]) => {
    const inside = isObject(value) || (Array.isArray(value) && value.some(isObject)) ? fieldsOf(value) : [];
    // An object by itself is no field: what is wrong with the whole of it goes above the form.
    return [...(isObject(value) ? [] : [name]), ...inside.map((inner) => `${name}.${inner}`)];
  });
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** One notification's worth of a request that failed as a whole. */
export interface Notice {
  /** The same failure of several requests is shown once. */
  readonly id: string;
  readonly title: string;
  readonly message: string;
}

const TITLES: Record<string, string> = {
  FORBIDDEN: 'You may not do this',
  RATE_LIMITED: 'Too many requests',
};

export function noticeOf(error: unknown): Notice {
  if (CombinedGraphQLErrors.is(error)) {
    const first = error.errors[0];
    const code = codeOf(first?.extensions) ?? 'INTERNAL';
    const requestId = first?.extensions?.requestId;
    const reference = typeof requestId === 'string' ? ` Request ${requestId}.` : '';
    return {
      id: `graphql-${code}-${first?.message ?? ''}`,
      title: TITLES[code] ?? 'The server could not do this',
      message: `${first?.message ?? 'Something went wrong.'}${reference}`,
    };
  }
  if (ServerError.is(error))
    return {
      id: `http-${error.statusCode}`,
      title: 'The server could not do this',
      message: `It answered with status ${error.statusCode}. Try again in a moment.`,
    };
  return {
    id: 'network',
    title: 'The server could not be reached',
    message: 'Check the connection, then try again.',
  };
}

/** Whether the server wants another token: said in the body by GraphQL, by status 401 before it. */
export const isUnauthenticated = (error: unknown): boolean =>
  ServerError.is(error)
    ? error.statusCode === 401
    : CombinedGraphQLErrors.is(error) && hasUnauthenticated(error.errors);

export const hasUnauthenticated = (
  errors: readonly { readonly extensions?: Record<string, unknown> | undefined }[] | undefined,
): boolean => errors?.some((error) => codeOf(error.extensions) === 'UNAUTHENTICATED') ?? false;

function codeOf(extensions: Record<string, unknown> | undefined): string | undefined {
  return typeof extensions?.code === 'string' ? extensions.code : undefined;
}

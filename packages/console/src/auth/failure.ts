import { AuthorizationResponseError, ResponseBodyError } from 'oauth4webapi';

/** Why a sign-in ended without a session, in words for the person. */
export interface SignInFailure {
  readonly title: string;
  readonly message: string;
  /** Finds the whole flow among the events of the Admin Realm. */
  readonly correlationId: string | undefined;
}

export class SignInFailed extends Error {
  constructor(
    readonly failure: SignInFailure,
    cause?: unknown,
  ) {
    super(failure.message, { cause });
    this.name = 'SignInFailed';
  }
}

const CORRELATION_HEADER = 'x-correlation-id';

/** The parameter that the sign-in page adds to an error it sends back, beside RFC 6749 section 4.1.2.1. */
const CORRELATION_PARAMETER = 'correlation_id';

/** Turns whatever ended a sign-in into something to show. */
export function failureOf(error: unknown): SignInFailure {
  if (error instanceof SignInFailed) return error.failure;
  if (error instanceof AuthorizationResponseError)
    return refusal(error.error, error.error_description, error.cause.get(CORRELATION_PARAMETER));
  if (error instanceof ResponseBodyError)
    return refusal(error.error, error.error_description, error.response.headers.get(CORRELATION_HEADER));
  return {
    title: 'The sign-in could not be finished',
    message: error instanceof TypeError ? 'The server could not be reached.' : messageOf(error),
    correlationId: undefined,
  };
}

function refusal(code: string, description: string | undefined, correlationId: string | null): SignInFailure {
  const denied = code === 'access_denied';
  return {
    title: denied ? 'You were not signed in' : 'The sign-in could not be finished',
    message:
      description ?? (denied ? 'The sign-in was cancelled or not allowed.' : `The server answered ${code}.`),
    correlationId: correlationId ?? undefined,
  };
}

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : 'Something went wrong.';

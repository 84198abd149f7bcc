import { ApolloLink } from '@apollo/client/link';
import { ErrorLink } from '@apollo/client/link/error';
import { catchError, from, map, NEVER, type Observable, switchMap, throwError } from 'rxjs';
import type { Session } from '../auth/session';
import { SignInRequired } from '../auth/tokens';
import { notifyFailure } from '../components/notify';
import { hasUnauthenticated, isUnauthenticated, noticeOf } from './errors';

class Unauthenticated extends Error {}

/** Sends the access token; a refused one is renewed once, and then the person signs in again at the same address. */
export function authLink(session: Session): ApolloLink {
  return new ApolloLink((operation, forward) => {
    const attempt = (token: string): Observable<ApolloLink.Result> => {
      operation.setContext({ headers: { authorization: `Bearer ${token}` } });
      return forward(operation).pipe(
        map((result) => {
          if (hasUnauthenticated(result.errors)) throw new Unauthenticated();
          return result;
        }),
        catchError((error: unknown) =>
          throwError(() => (isUnauthenticated(error) ? new Unauthenticated() : error)),
        ),
      );
    };
    const attemptTwice = (token: string): Observable<ApolloLink.Result> =>
      attempt(token).pipe(
        catchError((error: unknown) =>
          error instanceof Unauthenticated
            ? from(session.replace(token)).pipe(switchMap(attempt))
            : throwError(() => error),
        ),
      );
    return from(session.accessToken()).pipe(
      switchMap(attemptTwice),
      catchError((error: unknown) => {
        if (!(error instanceof Unauthenticated || error instanceof SignInRequired))
          return throwError(() => error);
        session.signInAgain();
        return NEVER;
      }),
    );
  });
}

/** The only place that tells about requests that failed as a whole. */
export const noticeLink = (): ApolloLink => new ErrorLink(({ error }) => notifyFailure(noticeOf(error)));

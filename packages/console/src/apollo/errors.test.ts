import { CombinedGraphQLErrors, ServerError } from '@apollo/client/errors';
import { describe, expect, it } from 'vitest';
import { fieldsOf, isUnauthenticated, noticeOf, placeProblems } from './errors';

const graphql = (code: string, extensions: Record<string, unknown> = {}) =>
  new CombinedGraphQLErrors({
    data: null,
    errors: [{ message: 'No.', extensions: { code, ...extensions } }],
  });

const http = (statusCode: number) =>
  new ServerError('no', { response: new Response('', { status: statusCode }), bodyText: '' });

describe('problems of a payload', () => {
  it('go to the field that their path names', () => {
    const placed = placeProblems(
      [{ code: 'USERNAME_TAKEN', message: 'Taken.', path: ['username'] }],
      ['username', 'email'],
    );
    expect(placed).toEqual({ fields: { username: 'Taken.' }, banner: [], stale: false });
  });

  it('go to the field also when their path goes deeper', () => {
    const placed = placeProblems(
      [
        { code: 'INVALID_INPUT', message: 'No fragment.', path: ['redirectUris', '0'] },
        { code: 'INVALID_INPUT', message: 'Use https.', path: ['redirectUris', '1'] },
      ],
      ['redirectUris'],
    );
    expect(placed.fields).toEqual({ redirectUris: 'No fragment. Use https.' });
  });

  it('go to the innermost field that the form has on their path', () => {
    const problem = (...path: string[]) => ({ code: 'INVALID_INPUT' as const, message: 'No.', path });
    const fields = fieldsOf({ emails: [{ value: '', type: '' }], attributes: { badge: '', floors: ['1'] } });
    const placed = placeProblems(
      [
        problem('emails', '0', 'value'),
        problem('emails', '1', 'value'),
        problem('attributes', 'badge'),
        problem('attributes', 'floors', '0'),
        problem('attributes', 'other'),
      ],
      fields,
    );
    expect(Object.keys(placed.fields)).toEqual([
      'emails.0.value',
      'emails',
      'attributes.badge',
      'attributes.floors',
    ]);
    expect(placed.banner).toEqual(['No.']);
  });

  it('go above the form when no field is theirs', () => {
    const placed = placeProblems(
      [
        { code: 'ADMIN_LOCKOUT', message: 'Nobody would be left.', path: null },
        { code: 'INVALID_INPUT', message: 'Not here.', path: ['elsewhere'] },
      ],
      ['username'],
    );
    expect(placed).toMatchObject({ fields: {}, banner: ['Nobody would be left.', 'Not here.'] });
  });

  it('say when somebody else has saved first', () => {
    const placed = placeProblems([{ code: 'VERSION_MISMATCH', message: 'Changed.', path: null }], []);
    expect(placed.stale).toBe(true);
  });
});

describe('a request that failed as a whole', () => {
  it('is told with the id that finds it in the log', () => {
    expect(noticeOf(graphql('INTERNAL', { requestId: 'req-7' })).message).toBe('No. Request req-7.');
  });

  it('is told apart from a server that can not be reached', () => {
    expect(noticeOf(http(503)).message).toContain('503');
    expect(noticeOf(new TypeError('fetch')).title).toBe('The server could not be reached');
  });

  it('asks for another token only when the token was refused', () => {
    expect(isUnauthenticated(graphql('UNAUTHENTICATED'))).toBe(true);
    expect(isUnauthenticated(http(401))).toBe(true);
    expect(isUnauthenticated(graphql('FORBIDDEN'))).toBe(false);
    expect(isUnauthenticated(http(500))).toBe(false);
    expect(isUnauthenticated(new TypeError('fetch'))).toBe(false);
  });
});

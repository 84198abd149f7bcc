import { describe, expect, it } from 'vitest';
import { requestFilter, requestsSearch } from './search';

describe('the address of the request log', () => {
  it('keeps what can be filtered by, and drops words that nobody knows', () => {
    const search = requestsSearch({ client: 'C', method: 'PATCH', status: 'TEAPOT', after: 'x' });
    expect(search).toEqual({ client: 'C', method: 'PATCH', status: undefined, after: 'x' });
    expect(requestFilter(search)).toEqual({ clientId: 'C', method: 'PATCH' });
  });

  it('asks for everything when nothing is chosen', () => {
    expect(requestFilter(requestsSearch({}))).toEqual({});
  });
});

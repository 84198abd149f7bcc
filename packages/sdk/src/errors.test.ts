import { describe, expect, it } from 'vitest';
import { asKeyrealmError, checkSignal, KeyrealmError, refusalOf } from './errors.js';

const thrown = (name: string): Error => Object.assign(new Error('in the browser’s words'), { name });

describe('errors', () => {
  it.each([
    ['NotAllowedError', 'CANCELLED'],
    ['AbortError', 'ABORTED'],
    ['InvalidStateError', 'ALREADY_BOUND'],
    ['SecurityError', 'WRONG_ORIGIN'],
    ['ConstraintError', 'NO_AUTHENTICATOR'],
    ['NotSupportedError', 'NO_AUTHENTICATOR'],
    ['SomethingElse', 'UNKNOWN'],
  ])('gives the browser’s %s the code %s and keeps it as the cause', (name, code) => {
    const cause = thrown(name);
    const error = asKeyrealmError(cause);
    expect(error).toMatchObject({ name: 'KeyrealmError', code, cause });
    expect(error.message).not.toContain('browser’s words');
    expect(asKeyrealmError(error)).toBe(error);
  });

  it('gives a refusal of the realm its code, its sentence and its correlation id', () => {
    const error = refusalOf({ error: { code: 'LINK_USED', message: 'Used.', correlationId: 'c' } });
    expect(error).toMatchObject({ code: 'LINK_USED', message: 'Used.', correlationId: 'c' });
    expect('cause' in error).toBe(false);
  });

  it('has a code of its own for what it does not know', () => {
    expect(refusalOf({ error: { code: 'BRAND_NEW', message: 'New.' } }).code).toBe('INTERNAL');
    for (const answer of [undefined, null, 'text', [], { error: 1 }])
      expect(refusalOf(answer).code).toBe('INTERNAL');
    expect(asKeyrealmError('text')).toBeInstanceOf(KeyrealmError);
  });

  it('tells the caller’s own reason when it gave up', () => {
    const controller = new AbortController();
    checkSignal(controller.signal);
    checkSignal(undefined);
    controller.abort('enough');
    expect(() => checkSignal(controller.signal)).toThrow(
      expect.objectContaining({ code: 'ABORTED', cause: 'enough' }),
    );
  });
});

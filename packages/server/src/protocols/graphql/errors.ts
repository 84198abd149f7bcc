import { Field, ObjectType, registerEnumType } from 'type-graphql';
import { DomainError, ERROR_CODES, type ErrorCode } from '../../kernel/errors.js';

export const ErrorCodes = Object.fromEntries(ERROR_CODES.map((code) => [code, code])) as {
  [C in ErrorCode]: C;
};
registerEnumType(ErrorCodes, { name: 'ErrorCode', description: 'Stable codes of expected failures.' });

@ObjectType({ description: 'An expected failure, as data.' })
export class UserError {
  @Field(() => ErrorCodes)
  code!: ErrorCode;
  @Field(() => String, { description: 'A sentence that may be shown.' })
  message!: string;
  @Field(() => [String], { nullable: true, description: 'The input field at fault.' })
  path!: readonly string[] | null;
}

@ObjectType({
  description: 'Something that went well and still needs attention, such as a single administrator left.',
})
export class UserWarning {
  @Field(() => String)
  code!: string;
  @Field(() => String)
  message!: string;
}

export const toUserErrors = (error: DomainError): UserError[] =>
  error.problems.length > 0
    ? error.problems.map((problem) => ({ code: error.code, message: problem.message, path: problem.path }))
    : [{ code: error.code, message: error.message, path: error.path ?? null }];

const AS_DATA = new Set(['invalid', 'conflict', 'precondition', 'not_found']);

/** A managed object or a scope not held is told to someone who may know the thing; a missing scope never is. */
export const isExpected = (error: unknown): error is DomainError =>
  error instanceof DomainError &&
  (AS_DATA.has(error.kind) || error.code === 'MANAGED_OBJECT' || error.code === 'SCOPE_NOT_HELD');

/** Runs a mutation; expected failures become `errors`, all others stay GraphQL errors. */
export async function payload<T extends object>(run: () => Promise<T>): Promise<T & { errors: UserError[] }> {
  try {
    return { ...(await run()), errors: [] };
  } catch (error) {
    if (!isExpected(error)) throw error;
    return { errors: toUserErrors(error) } as unknown as T & { errors: UserError[] };
  }
}

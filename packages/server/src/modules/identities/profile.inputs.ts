import { Field, InputType } from 'type-graphql';
import { JsonScalar } from '../../protocols/graphql/scalars.js';
import { LIST_FIELDS, type Profile, withEmail } from './identities.types.js';
import { PostalAddress, ProfileTexts, TypedValue } from './profile.object.js';

/** What a caller may say about an identity; a list is given as a whole. */
@InputType()
export class ProfileInput extends ProfileTexts {
  @Field(() => String, { nullable: true, description: 'Made of the names or the username unless given.' })
  displayName?: string | null;
  @Field(() => [TypedValue], {
    nullable: true,
    description:
      'All of them. `email` is a shorthand for the primary one, and leaves the others as they are.',
  })
  emails?: TypedValue[] | null;
  @Field(() => [TypedValue], { nullable: true })
  phoneNumbers?: TypedValue[] | null;
  @Field(() => [TypedValue], { nullable: true })
  ims?: TypedValue[] | null;
  @Field(() => [TypedValue], { nullable: true, description: 'Addresses of pictures.' })
  photos?: TypedValue[] | null;
  @Field(() => [PostalAddress], { nullable: true })
  addresses?: PostalAddress[] | null;
  @Field(() => [TypedValue], { nullable: true })
  entitlements?: TypedValue[] | null;
  @Field(() => [TypedValue], { nullable: true })
  scimRoles?: TypedValue[] | null;
  @Field(() => [TypedValue], { nullable: true, description: 'As base64 of DER.' })
  x509Certificates?: TypedValue[] | null;
  @Field(() => JsonScalar, {
    nullable: true,
    description: 'All attributes that the realm declares and this identity has, as an object.',
  })
  attributes?: unknown;
}

const LISTS: ReadonlySet<string> = new Set([...LIST_FIELDS, 'emails']);

/** The profile after what was given: a field left out stays, null empties it. Services parse it. */
export function changedBy(
  current: Profile,
  { email, ...fields }: Omit<ProfileInput, 'realmId'>,
): Record<string, unknown> {
  const given = Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => [name, value === null ? emptied(name) : plain(value)]);
  const next: Profile = { ...current, ...Object.fromEntries(given) };
  return email === undefined ? next : { ...next, emails: withEmail(next.emails, email) };
}

function emptied(name: string): unknown {
  if (LISTS.has(name)) return [];
  return name === 'attributes' ? {} : null;
}

/** Without the parts of a list's items that have no value. */
const plain = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map((item: object) =>
        Object.fromEntries(Object.entries(item).filter(([, part]) => part !== null && part !== undefined)),
      )
    : value;

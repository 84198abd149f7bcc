import { Field, InputType, ObjectType } from 'type-graphql';

@ObjectType('TypedValue', { description: 'One of several values of a kind (RFC 7643, section 2.4).' })
@InputType('TypedValueInput')
export class TypedValue {
  @Field(() => String)
  value!: string;
  @Field(() => String, { nullable: true, description: 'What it is for, such as work or home.' })
  type?: string | null | undefined;
  @Field(() => Boolean, { nullable: true, description: 'The one to prefer; at most one of a list.' })
  primary?: boolean | null | undefined;
  @Field(() => String, { nullable: true })
  display?: string | null | undefined;
}

@ObjectType('PostalAddress')
@InputType('PostalAddressInput')
export class PostalAddress {
  @Field(() => String, { nullable: true, description: 'The whole of it, as it is written on a letter.' })
  formatted?: string | null | undefined;
  @Field(() => String, { nullable: true })
  streetAddress?: string | null | undefined;
  @Field(() => String, { nullable: true })
  locality?: string | null | undefined;
  @Field(() => String, { nullable: true })
  region?: string | null | undefined;
  @Field(() => String, { nullable: true })
  postalCode?: string | null | undefined;
  @Field(() => String, { nullable: true })
  country?: string | null | undefined;
  @Field(() => String, { nullable: true })
  type?: string | null | undefined;
  @Field(() => Boolean, { nullable: true })
  primary?: boolean | null | undefined;
}

/** The fields of one text each: of SCIM's User and its enterprise extension (RFC 7643, sections 4.1 and 4.3). */
@ObjectType()
@InputType()
export class ProfileTexts {
  @Field(() => String, { nullable: true })
  givenName?: string | null | undefined;
  @Field(() => String, { nullable: true })
  middleName?: string | null | undefined;
  @Field(() => String, { nullable: true })
  familyName?: string | null | undefined;
  @Field(() => String, { nullable: true, description: 'The whole name, as it is written in a letter.' })
  formattedName?: string | null | undefined;
  @Field(() => String, { nullable: true })
  honorificPrefix?: string | null | undefined;
  @Field(() => String, { nullable: true })
  honorificSuffix?: string | null | undefined;
  @Field(() => String, { nullable: true })
  nickName?: string | null | undefined;
  @Field(() => String, { nullable: true })
  profileUrl?: string | null | undefined;
  @Field(() => String, { nullable: true, description: 'What they do, such as Vice President.' })
  title?: string | null | undefined;
  @Field(() => String, { nullable: true, description: 'Such as Employee or Contractor.' })
  userType?: string | null | undefined;
  @Field(() => String, { nullable: true, description: 'As in Accept-Language, such as en-GB, de.' })
  preferredLanguage?: string | null | undefined;
  @Field(() => String, { nullable: true, description: 'For dates and numbers, such as de-CH.' })
  locale?: string | null | undefined;
  @Field(() => String, { nullable: true, description: 'Such as Europe/Zurich.' })
  timezone?: string | null | undefined;
  @Field(() => String, { nullable: true })
  employeeNumber?: string | null | undefined;
  @Field(() => String, { nullable: true })
  costCenter?: string | null | undefined;
  @Field(() => String, { nullable: true })
  organization?: string | null | undefined;
  @Field(() => String, { nullable: true })
  division?: string | null | undefined;
  @Field(() => String, { nullable: true })
  department?: string | null | undefined;
  @Field(() => String, {
    nullable: true,
    description: 'As it was given; the id of an identity of this realm, or one that is still to come.',
  })
  managerId?: string | null | undefined;
  @Field(() => String, { nullable: true, description: 'The primary address.' })
  email?: string | null | undefined;
  @Field(() => String, { nullable: true, description: 'What a provisioning client knows it by.' })
  externalId?: string | null | undefined;
}

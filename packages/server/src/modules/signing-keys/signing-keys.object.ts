import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { DateTimeScalar } from '../../protocols/graphql/scalars.js';
import { usableFrom } from './rotation.service.js';
import type { SigningKeyRow } from './signing-keys.service.js';
import type { SigningAlgorithm, SigningKeyStatus } from './signing-keys.types.js';

const Statuses: { [S in SigningKeyStatus]: S } = {
  NEXT: 'NEXT',
  CURRENT: 'CURRENT',
  PREVIOUS: 'PREVIOUS',
  RETIRED: 'RETIRED',
};
registerEnumType(Statuses, {
  name: 'SigningKeyStatus',
  description: 'NEXT is published and signs nothing yet; PREVIOUS verifies only; RETIRED is worth nothing.',
});

export const Algorithms: { [A in SigningAlgorithm]: A } = { ES256: 'ES256', EdDSA: 'EdDSA', RS256: 'RS256' };
registerEnumType(Algorithms, { name: 'SigningAlgorithm', description: 'RFC 7518, section 3.1; RFC 8037.' });

@ObjectType({ description: 'What stops working when the key is revoked.' })
export class SigningKeyImpact {
  @Field(() => [String], { description: 'Names of API tokens that it signed, the newest first; at most 50.' })
  apiTokens!: readonly string[];
  @Field(() => Boolean)
  hasMoreApiTokens!: boolean;
  @Field(() => DateTimeScalar, {
    nullable: true,
    description:
      'When the last access token that it signed has expired by itself; null where it signed none.',
  })
  accessTokensUntil!: Date | null;
}

@ObjectType({
  description: 'A key that tokens of the realm are signed with. Its private half never leaves the server.',
})
export class SigningKeyObject {
  @Field(() => ID, { description: 'The `kid` of tokens and of the key set.' })
  id!: string;
  @Field(() => Statuses)
  status!: SigningKeyStatus;
  @Field(() => Algorithms)
  algorithm!: SigningAlgorithm;
  @Field(() => DateTimeScalar, { description: 'Published since.' })
  createdAt!: Date;
  @Field(() => DateTimeScalar, { nullable: true, description: 'Of a NEXT key: when clients know it.' })
  usableFrom!: Date | null;
  @Field(() => DateTimeScalar, { nullable: true, description: 'When it began to sign.' })
  activatedAt!: Date | null;
  @Field(() => DateTimeScalar, { nullable: true, description: 'When it stopped to sign.' })
  demotedAt!: Date | null;
  @Field(() => DateTimeScalar, { nullable: true })
  retiredAt!: Date | null;
  realmId!: string;
  row!: SigningKeyRow;
}

@ObjectType()
export class SigningKeySettings {
  @Field(() => Algorithms, { description: 'Of keys made from now on.' })
  algorithm!: SigningAlgorithm;
  @Field(() => Int, { nullable: true, description: 'Days that a key signs; null: until somebody rotates.' })
  rotationDays!: number | null;
  @Field(() => Int)
  version!: number;
}

export const presentKey = (row: SigningKeyRow): SigningKeyObject => ({
  id: row.id,
  status: row.status,
  algorithm: row.algorithm,
  createdAt: row.created_at,
  usableFrom: row.status === 'NEXT' ? usableFrom(row) : null,
  activatedAt: row.activated_at,
  demotedAt: row.demoted_at,
  retiredAt: row.retired_at,
  realmId: row.realm_id,
  row,
});

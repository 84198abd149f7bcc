import { createHash, randomBytes, randomInt, timingSafeEqual } from 'node:crypto';

/** The last id's place in time: its millisecond, and its number within it. */
let last = { at: 0, number: 0 };

const NUMBERS = 0x1000;

/** A number for each id of a millisecond, so that ids have the order in which they were made (RFC 9562, section 6.2). */
function nextPlace(): typeof last {
  const at = Date.now();
  const first = { at, number: randomInt(NUMBERS / 2) };
  // A clock that was set back makes a new beginning; a step of some milliseconds does not.
  if (at > last.at || at < last.at - 1000) return first;
  return last.number + 1 < NUMBERS
    ? { at: last.at, number: last.number + 1 }
    : { at: last.at + 1, number: 0 };
}

/**
 * A UUIDv7 (RFC 9562, section 5.7): 48 bits of milliseconds, 12 bits that count, then 62 random bits. Those of one
 * process are in the order in which they were made.
 */
export function newId(): string {
  last = nextPlace();
  const bytes = randomBytes(16);
  bytes.writeUIntBE(last.at, 0, 6);
  bytes.writeUInt16BE(0x7000 | last.number, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return formatUuid(bytes);
}

/** 256 random bits as 43 base64url characters: for links, secrets and tokens. */
export const newSecret = (): string => randomBytes(32).toString('base64url');

/** Six random digits for a person to type: good only with few tries and a short life. */
export const newCode = (): string => String(randomInt(1_000_000)).padStart(6, '0');

export const newChallenge = (): Uint8Array<ArrayBuffer> => new Uint8Array(randomBytes(32));

/** For secrets of 256 random bits; anything that a person chose would need a slow hash. */
export const hashSecret = (secret: string): Buffer => createHash('sha256').update(secret).digest();

export const equalHashes = (a: Buffer, b: Buffer): boolean => a.length === b.length && timingSafeEqual(a, b);

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Only the lower-case form, the one that we hand out, so that an id has one spelling. */
export const isId = (value: string): boolean => UUID.test(value);

/** 16 bytes as the text form of a UUID. */
export function formatUuid(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

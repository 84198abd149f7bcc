import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

/** DER (ITU-T X.690): a tag, a length, what is in it. */
export function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  if (length < 0x80) return Buffer.concat([Buffer.from([tag, length]), content]);
  const size = Buffer.from(length.toString(16).padStart(length > 0xff ? 4 : 2, '0'), 'hex');
  return Buffer.concat([Buffer.from([tag, 0x80 | size.length]), size, content]);
}

export const sequence = (...parts: readonly Buffer[]): Buffer => der(0x30, ...parts);
export const octets = (content: Buffer): Buffer => der(0x04, content);
const text = (value: string): Buffer => der(0x0c, Buffer.from(value));
const integer = (value: Buffer): Buffer => der(0x02, value);
const TRUE = Buffer.from([0x01, 0x01, 0xff]);

/** An object identifier from its dotted form. */
export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = [first * 40 + second, ...rest].flatMap((arc) => {
    const groups = [arc & 0x7f];
    for (let left = arc >>> 7; left > 0; left >>>= 7) groups.unshift((left & 0x7f) | 0x80);
    return groups;
  });
  return der(0x06, Buffer.from(bytes));
}

const SUBJECT = { C: '2.5.4.6', O: '2.5.4.10', OU: '2.5.4.11', CN: '2.5.4.3' } as const;
export type Name = Partial<Record<keyof typeof SUBJECT, string>>;

const nameOf = (name: Name): Buffer =>
  sequence(
    ...Object.entries(name).map(([key, value]) =>
      der(0x31, sequence(oid(SUBJECT[key as keyof typeof SUBJECT]), text(value))),
    ),
  );

/** RFC 5280, section 4.2, with the content in DER. */
export const extension = (id: string, content: Buffer, critical = false): Buffer =>
  sequence(oid(id), ...(critical ? [TRUE] : []), octets(content));

/** RFC 5280, section 4.2.1.13: where the list of revoked certificates is said to be. */
export const crlAddress = (address: string): Buffer =>
  extension('2.5.29.31', sequence(sequence(der(0xa0, der(0xa0, der(0x86, Buffer.from(address)))))));

/** RFC 5280, section 4.2.1.6, for one DNS name. */
export const dnsName = (host: string): Buffer =>
  extension('2.5.29.17', sequence(der(0x82, Buffer.from(host))));

/** FIDO's own extension: the model that the certificate is for (WebAuthn Level 3, section 8.2.1). */
export const modelExtension = (aaguid: string): Buffer =>
  extension('1.3.6.1.4.1.45724.1.1.4', octets(Buffer.from(aaguid.replaceAll('-', ''), 'hex')));

export interface Certified {
  readonly certificate: Buffer;
  readonly key: KeyObject;
  readonly name: Name;
}

interface Wanted {
  readonly name: Name;
  /** Its own key unless another signs. */
  readonly by?: Certified;
  readonly ca?: boolean;
  readonly from?: Date;
  readonly until?: Date;
  readonly extensions?: readonly Buffer[];
  readonly keys?: { readonly publicKey: KeyObject; readonly privateKey: KeyObject };
}

const YEAR = 31_536_000_000;
const ECDSA_SHA256 = sequence(oid('1.2.840.10045.4.3.2'));

const time = (at: Date): Buffer =>
  der(0x18, Buffer.from(`${at.toISOString().replaceAll(/[-:T]/g, '').slice(0, 14)}Z`));

/** An X.509 certificate for a P-256 key, signed with ECDSA and SHA-256. */
export function certify(wanted: Wanted): Certified {
  const keys = wanted.keys ?? generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const signer = wanted.by ?? { key: keys.privateKey, name: wanted.name };
  const constraints = extension('2.5.29.19', sequence(...(wanted.ca ? [TRUE] : [])), true);
  const serial = randomBytes(12);
  serial.writeUInt8(0x40, 0);
  const body = sequence(
    der(0xa0, integer(Buffer.from([2]))),
    integer(serial),
    ECDSA_SHA256,
    nameOf(signer.name),
    sequence(
      time(wanted.from ?? new Date(Date.now() - YEAR)),
      time(wanted.until ?? new Date(Date.now() + YEAR)),
    ),
    nameOf(wanted.name),
    keys.publicKey.export({ format: 'der', type: 'spki' }),
    der(0xa3, sequence(constraints, ...(wanted.extensions ?? []))),
  );
  const signature = sign('sha256', body, signer.key);
  const certificate = sequence(body, ECDSA_SHA256, der(0x03, Buffer.from([0]), signature));
  return { certificate, key: keys.privateKey, name: wanted.name };
}

export const pem = (certificate: Buffer): string =>
  `-----BEGIN CERTIFICATE-----\n${certificate.toString('base64')}\n-----END CERTIFICATE-----\n`;

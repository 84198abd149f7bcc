/** 128 bits as four signed 32-bit integers, so that networks compare with plain integer operations. */
type Words = readonly [number, number, number, number];

/** An IP address. IPv4 is held as its IPv4-mapped IPv6 form (RFC 4291, section 2.5.5.2). */
export interface Address {
  readonly words: Words;
  readonly isIPv4: boolean;
}

/** A network of IP addresses. */
export interface Network {
  readonly words: Words;
  readonly mask: Words;
  readonly coversIPv4: boolean;
  /** The text names an address inside the network rather than the network, as `10.0.0.5/8` does. */
  readonly hasHostBits: boolean;
}

const MAPPED = 0xffff;
const MAPPED_BITS = 96;
const LONGEST_TEXT = 64;

/**
 * Reads an IPv4 or IPv6 address; `::ffff:10.0.0.1` is the IPv4 address 10.0.0.1, and the zone of `fe80::1%eth0`
 * is dropped. Undefined for anything else, also for numbers with leading zeros, which some systems read as octal.
 */
export function parseAddress(text: string): Address | undefined {
  if (text.length > LONGEST_TEXT) return undefined;
  const zone = text.indexOf('%');
  if (zone === -1) return parsePlainAddress(text);
  return zone === text.length - 1 || !text.includes(':') ? undefined : parsePlainAddress(text.slice(0, zone));
}

function parsePlainAddress(text: string): Address | undefined {
  const words = text.includes(':') ? parseIPv6(text) : mapped(parseIPv4(text));
  if (words === undefined) return undefined;
  return { words, isIPv4: words[0] === 0 && words[1] === 0 && words[2] === MAPPED };
}

/**
 * Reads a network in CIDR notation (RFC 4632, section 3.1; RFC 4291, section 2.3). A bare address is the network of
 * that one address. Undefined when the text is neither.
 */
export function parseNetwork(text: string): Network | undefined {
  if (text.length > LONGEST_TEXT) return undefined;
  const [host = '', length, ...rest] = text.split('/');
  const address = parsePlainAddress(host);
  if (address === undefined || rest.length > 0) return undefined;
  const longest = host.includes(':') ? 128 : 32;
  const given = length === undefined ? longest : parseDecimal(length, longest);
  if (given === undefined) return undefined;
  const bits = given + (128 - longest);
  const mask = [0, 32, 64, 96].map((start) => maskOf(bits - start)) as unknown as Words;
  return {
    words: zip(address.words, mask, (word, kept) => word & kept),
    mask,
    coversIPv4: address.isIPv4 && bits >= MAPPED_BITS,
    hasHostBits: address.words.some((word, index) => (word & ~(mask[index] ?? 0)) !== 0),
  };
}

/** Whether the address lies in the network; an IPv4 address never lies in an IPv6 network, not even in `::/0`. */
export function inNetwork(address: Address, network: Network): boolean {
  if (address.isIPv4 !== network.coversIPv4) return false;
  const { words } = address;
  const { mask, words: base } = network;
  return (
    (words[3] & mask[3]) === base[3] &&
    (words[2] & mask[2]) === base[2] &&
    (words[1] & mask[1]) === base[1] &&
    (words[0] & mask[0]) === base[0]
  );
}

/** Whether every address of `inner` lies in `outer`. */
export function containsNetwork(outer: Network, inner: Network): boolean {
  if (outer.coversIPv4 !== inner.coversIPv4) return false;
  return [0, 1, 2, 3].every((at) => {
    const mask = outer.mask[at] ?? 0;
    return ((inner.mask[at] ?? 0) & mask) === mask && ((inner.words[at] ?? 0) & mask) === outer.words[at];
  });
}

function maskOf(bits: number): number {
  if (bits <= 0) return 0;
  return bits >= 32 ? -1 : -1 << (32 - bits);
}

function zip(left: Words, right: Words, join: (left: number, right: number) => number): Words {
  return [join(left[0], right[0]), join(left[1], right[1]), join(left[2], right[2]), join(left[3], right[3])];
}

function parseDecimal(text: string, most: number): number | undefined {
  if (!/^(0|[1-9][0-9]{0,2})$/.test(text)) return undefined;
  const number = Number(text);
  return number <= most ? number : undefined;
}

function parseIPv4(text: string): number | undefined {
  const parts = text.split('.').map((part) => parseDecimal(part, 255));
  if (parts.length !== 4) return undefined;
  let word = 0;
  for (const part of parts) {
    if (part === undefined) return undefined;
    word = (word << 8) | part;
  }
  return word;
}

function mapped(word: number | undefined): Words | undefined {
  return word === undefined ? undefined : [0, 0, MAPPED, word];
}

function parseIPv6(text: string): Words | undefined {
  const halves = text.split('::');
  const [head = '', tail] = halves;
  if (halves.length > 2) return undefined;
  const before = parseGroups(head, tail === undefined);
  const after = tail === undefined ? [] : parseGroups(tail, true);
  if (before === undefined || after === undefined) return undefined;
  const absent = 8 - before.length - after.length;
  if (tail === undefined ? absent !== 0 : absent < 1) return undefined;
  const groups = [...before, ...new Array<number>(absent).fill(0), ...after];
  return [0, 2, 4, 6].map((at) => ((groups[at] ?? 0) << 16) | (groups[at + 1] ?? 0)) as unknown as Words;
}

/** The 16-bit groups of one side of `::`; the last side may end in an IPv4 address. */
function parseGroups(text: string, isEnd: boolean): number[] | undefined {
  if (text === '') return [];
  const groups: number[] = [];
  const parts = text.split(':');
  for (const [index, part] of parts.entries()) {
    if (/^[0-9a-f]{1,4}$/i.test(part)) {
      groups.push(Number.parseInt(part, 16));
      continue;
    }
    const word = isEnd && index === parts.length - 1 ? parseIPv4(part) : undefined;
    if (word === undefined) return undefined;
    groups.push(word >>> 16, word & 0xffff);
  }
  return groups;
}

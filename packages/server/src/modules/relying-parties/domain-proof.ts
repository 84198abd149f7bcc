import { lookup as resolve } from 'node:dns';
import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/** Where we say of a host that it leads to us. */
export const PROOF_PATH = '/.well-known/keyrealm-domain';

const TIMEOUT = 5000;
const MOST_BYTES = 4096;

/** Networks that no public name leads to (RFC 6890, RFC 4193, RFC 4291). */
const INTERNAL = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const)
  INTERNAL.addSubnet(network, prefix, 'ipv4');
for (const [network, prefix] of [
  ['::', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const)
  INTERNAL.addSubnet(network, prefix, 'ipv6');

export const isInternal = (address: string): boolean =>
  INTERNAL.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');

/** The address that is connected to is the one that was looked at, whatever the name says a moment later. */
const publicOnly: LookupFunction = (hostname, options, done) => {
  resolve(hostname, { ...options, all: true }, (error, found) => {
    const [first] = found ?? [];
    if (error) return done(error, '', 4);
    if (!first || found.some(({ address }) => isInternal(address)))
      return done(new Error('an internal address'), '', 4);
    return options.all ? done(null, found) : done(null, first.address, first.family);
  });
};

/** Every name below localhost is this machine (RFC 6761, section 6.3), also where its resolver does not know. */
const thisMachine: LookupFunction = (_hostname, options, done) =>
  options.all ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4);

/**
 * What the host says at the proof's path: no redirect is followed, nothing longer than 4 KB is read, in 5 seconds.
 * @param local whether our own public address is on this machine; only then may the host be
 * @returns undefined for whatever is not an answer with the status 200
 */
export function fetchProof(origin: string, local: boolean): Promise<string | undefined> {
  const { protocol, hostname, port } = new URL(origin);
  const here = local && hostname.endsWith('.localhost');
  const options: RequestOptions = {
    host: hostname,
    ...(port === '' ? {} : { port }),
    path: PROOF_PATH,
    agent: false,
    lookup: here ? thisMachine : publicOnly,
    signal: AbortSignal.timeout(TIMEOUT),
    headers: { accept: 'text/plain' },
  };
  return new Promise((done) => {
    const read = (response: IncomingMessage): void => {
      if (response.statusCode !== 200) {
        response.destroy();
        done(undefined);
        return;
      }
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (piece: string) => {
        text += piece;
        if (text.length <= MOST_BYTES) return;
        response.destroy();
        done(undefined);
      });
      response.on('end', () => done(text.trim()));
      response.on('error', () => done(undefined));
    };
    const sent = protocol === 'https:' ? httpsRequest(options, read) : httpRequest(options, read);
    sent.on('error', () => done(undefined));
    sent.end();
  });
}

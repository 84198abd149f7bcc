import { compilePolicy, evaluate, type Facts, type PolicyDocument, type Rule } from '@keyrealm/policy';

const SIZES = [5, 50, 500];
/** Microseconds that 500 rules may take on average. */
const AIM = 100;
/** Short rounds, so that some of them have a processor to themselves. */
const ROUNDS = 200;
const MILLISECONDS = 2;

const NETWORKS = 200;

const groupOf = (index: number): string => `group-${index % 20}`;
const networkOf = (index: number): number => 20 + (index % NETWORKS);

/** Each rule is looked at to its last part, and only the last rule matches: the slowest way through. */
const policyOf = (size: number): PolicyDocument => ({
  format: 1,
  rules: Array.from({ length: size }, (_, index): Rule => {
    const isLast = index === size - 1;
    return {
      id: `rule-${index}`,
      name: `Rule ${index}`,
      enabled: true,
      action: { type: 'ALLOW' },
      condition: {
        all: [
          { fact: 'transaction.kind', op: 'is', value: 'AUTHENTICATION' },
          { fact: 'passkey.ageDays', op: 'atMost', value: 400 },
          {
            any: [
              { fact: 'identity.groups', op: 'contains', value: groupOf(index) },
              { fact: 'passkey.userVerified', op: 'is', value: true },
            ],
          },
          {
            fact: 'request.ip',
            op: 'inCidr',
            value: [isLast ? '10.0.0.0/8' : `${networkOf(index)}.0.0.0/8`],
          },
        ],
      },
    };
  }),
});

const FACTS: Facts = {
  'transaction.kind': 'AUTHENTICATION',
  'identity.groups': new Set(['group-3', 'group-7', 'elsewhere']),
  'passkey.ageDays': 30,
  'passkey.userVerified': true,
  'request.ip': '10.1.2.3',
};

interface Known {
  readonly kind: string;
  readonly ageDays: number;
  readonly groups: ReadonlySet<string>;
  readonly isVerified: boolean;
  readonly ip: string;
}

/** The same rules as somebody would write them by hand, without names, order, missing facts and explanations. */
function byHand(size: number): () => number {
  const rules = Array.from({ length: size }, (_, index) => {
    const group = groupOf(index);
    const network = (index === size - 1 ? 10 : networkOf(index)) << 24;
    return (known: Known, address: number): boolean =>
      known.kind === 'AUTHENTICATION' &&
      known.ageDays <= 400 &&
      (known.groups.has(group) || known.isVerified) &&
      (address & 0xff000000) === network;
  });
  const known: Known = {
    kind: 'AUTHENTICATION',
    ageDays: 30,
    groups: new Set(['group-3', 'group-7', 'elsewhere']),
    isVerified: true,
    ip: '10.1.2.3',
  };
  return () => {
    const address = known.ip.split('.').reduce((word, byte) => (word << 8) | Number(byte), 0);
    return rules.findIndex((rule) => rule(known, address));
  };
}

/** Microseconds for one, of the fastest round: other work on the machine only ever adds. */
function timeOf(decide: () => unknown): number {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    const started = performance.now();
    let count = 0;
    for (; performance.now() - started < MILLISECONDS; count += 10)
      for (let index = 0; index < 10; index++) decide();
    best = Math.min(best, ((performance.now() - started) * 1000) / count);
  }
  return best;
}

/** Decisions a second beside the same rules written by hand, in one run. */
export async function benchPolicy(): Promise<string[]> {
  const lines = ['   rules  microseconds  decisions/s  by hand  ratio'];
  for (const size of SIZES) {
    const policy = compilePolicy(policyOf(size));
    const closures = byHand(size);
    if (evaluate(policy, FACTS).ruleId !== `rule-${size - 1}` || closures() !== size - 1)
      throw new Error(`${size} rules were not all looked at`);
    timeOf(() => evaluate(policy, FACTS));
    timeOf(closures);
    const [own, hand] = [timeOf(() => evaluate(policy, FACTS)), timeOf(closures)];
    const late = size === 500 && own > AIM ? `  over the aim of ${AIM}` : '';
    const cells = [
      `${size}`.padStart(8),
      own.toFixed(1).padStart(14),
      Math.round(1_000_000 / own)
        .toString()
        .padStart(13),
    ];
    lines.push(
      `${cells.join('')}${hand.toFixed(1).padStart(9)}${(own / hand).toFixed(1).padStart(7)}${late}`,
    );
  }
  return lines;
}

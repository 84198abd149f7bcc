import { startEmbeddedApplication } from './relying-party.ts';

const { ISSUER, CLIENT_ID, INVOCATION, PORT } = process.env;
if (!ISSUER || !CLIENT_ID) {
  process.stderr.write('Set ISSUER and CLIENT_ID, and INVOCATION=MANUAL where the config says so.\n');
  process.exit(1);
}
const application = await startEmbeddedApplication({
  issuer: ISSUER,
  clientId: CLIENT_ID,
  ...(INVOCATION === 'MANUAL' ? { invocation: INVOCATION } : {}),
  ...(PORT ? { port: Number(PORT) } : {}),
});
process.stdout.write(`Open ${application.url}\n`);

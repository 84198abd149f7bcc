import { startRelyingParty } from './relying-party.ts';

const { ISSUER, CLIENT_ID, CLIENT_SECRET, PORT } = process.env;
if (!ISSUER || !CLIENT_ID) {
  process.stderr.write('Set ISSUER and CLIENT_ID, and CLIENT_SECRET for a confidential application.\n');
  process.exit(1);
}
const party = await startRelyingParty({
  issuer: ISSUER,
  clientId: CLIENT_ID,
  ...(CLIENT_SECRET ? { clientSecret: CLIENT_SECRET } : {}),
  ...(PORT ? { port: Number(PORT) } : {}),
});
process.stdout.write(`Open ${party.url}\n`);

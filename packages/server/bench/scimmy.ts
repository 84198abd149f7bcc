import { randomUUID } from 'node:crypto';
import express from 'express';
import SCIMMY from 'scimmy';
import Routers from 'scimmy-routers';

/** A SCIM server that keeps users in memory and does nothing else: no database, no events, no request log. */
const [, , port = ''] = process.argv;

type Kept = { id: string; userName: string } & Record<string, unknown>;
const users = new Map<string, Kept>();
const names = new Map<string, string>();

SCIMMY.Resources.declare(SCIMMY.Resources.User)
  .ingress(async (resource, data) => {
    const id = resource.id ?? randomUUID();
    const userName = String(data.userName);
    const owner = names.get(userName.toLowerCase());
    if (owner !== undefined && owner !== id)
      throw new SCIMMY.Types.Error(409, 'uniqueness', 'This name is taken.');
    const kept = { ...JSON.parse(JSON.stringify(data)), id, userName } as Kept;
    users.set(id, kept);
    names.set(userName.toLowerCase(), id);
    return kept;
  })
  .egress(async (resource) => {
    if (resource.id === undefined) return [...users.values()];
    const kept = users.get(resource.id);
    if (!kept) throw new SCIMMY.Types.Error(404, '', 'There is no such user.');
    return [kept];
  })
  .degress(async (resource) => void users.delete(String(resource.id)));

const app = express();
app.use('/scim', new Routers({ type: 'bearer', handler: () => 'bench' }));
app.listen(Number(port), '127.0.0.1');

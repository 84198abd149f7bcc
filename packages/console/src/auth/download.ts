import type { Session } from './session';

/** Fetches a file with the person's token, and hands it to the browser to keep. @throws Error that says what went wrong */
export async function download(session: Session, address: string): Promise<void> {
  const get = (token: string) => fetch(address, { headers: { authorization: `Bearer ${token}` } });
  const token = await session.accessToken();
  const first = await get(token);
  const response = first.status === 401 ? await get(await session.replace(token)) : first;
  if (!response.ok) throw new Error(await reasonOf(response));
  const name = /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '')?.[1] ?? 'export';
  const url = URL.createObjectURL(await response.blob());
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}

async function reasonOf(response: Response): Promise<string> {
  const body: unknown = await response.json().catch(() => undefined);
  const { error } = (body ?? {}) as { error?: { message?: string } };
  return error?.message ?? 'The file could not be fetched. Try again.';
}

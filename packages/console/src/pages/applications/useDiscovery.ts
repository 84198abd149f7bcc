import { useEffect, useState } from 'react';

const ENDPOINTS = [
  ['Authorization endpoint', 'authorization_endpoint'],
  ['Token endpoint', 'token_endpoint'],
  ['User information endpoint', 'userinfo_endpoint'],
  ['Key set', 'jwks_uri'],
  ['Sign-out endpoint', 'end_session_endpoint'],
] as const;

export interface Endpoint {
  readonly label: string;
  readonly address: string;
}

/** @returns the endpoints that a discovery document names (OpenID Connect Discovery 1.0 section 3); none until it is there */
export function useDiscovery(url: string): readonly Endpoint[] {
  const [endpoints, setEndpoints] = useState<readonly Endpoint[]>([]);
  useEffect(() => {
    const leaving = new AbortController();
    loadEndpoints(url, leaving.signal).then(
      (loaded) => {
        if (!leaving.signal.aborted) setEndpoints(loaded);
      },
      // The address of the document itself stands above; without it there is nothing more to show.
      () => undefined,
    );
    return () => leaving.abort();
  }, [url]);
  return endpoints;
}

async function loadEndpoints(url: string, signal: AbortSignal): Promise<Endpoint[]> {
  const response = await fetch(url, { signal, headers: { accept: 'application/json' } });
  if (!response.ok) return [];
  const document = (await response.json()) as Record<string, unknown>;
  return ENDPOINTS.flatMap(([label, name]) => {
    const address = document[name];
    return typeof address === 'string' ? [{ label, address }] : [];
  });
}

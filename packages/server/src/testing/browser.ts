/** Enough of a browser for a sign-in: cookies with their paths, and no following of redirects by itself. */
export function createBrowser() {
  const jar = new Map<string, { value: string; path: string }>();

  function keep(response: Response, url: URL): void {
    for (const line of response.headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
      const at = pair.indexOf('=');
      const name = pair.slice(0, at);
      const path =
        attributes.find((part) => part.toLowerCase().startsWith('path='))?.slice(5) ?? url.pathname;
      const expires = attributes.find((part) => part.toLowerCase().startsWith('expires='))?.slice(8);
      const key = `${name} ${path}`;
      if (expires !== undefined && new Date(expires).getTime() < Date.now()) jar.delete(key);
      else jar.set(key, { value: pair.slice(at + 1), path });
    }
  }

  return {
    jar,
    async request(address: string | URL, init: RequestInit = {}): Promise<Response> {
      const url = new URL(address);
      const cookies = [...jar]
        .filter(([, { path }]) => url.pathname === path || url.pathname.startsWith(path.replace(/\/?$/, '/')))
        .map(([key, { value }]) => `${key.split(' ')[0]}=${value}`);
      const headers = new Headers(init.headers);
      if (cookies.length > 0) headers.set('cookie', cookies.join('; '));
      const response = await fetch(url, { ...init, headers, redirect: 'manual' });
      keep(response, url);
      return response;
    },
    post(address: string | URL, body: object, headers: Record<string, string> = {}): Promise<Response> {
      return this.request(address, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      });
    },
  };
}

export type Browser = ReturnType<typeof createBrowser>;

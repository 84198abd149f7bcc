export const CONSOLE_PATH = '/console/';
export const CALLBACK_PATH = '/console/callback';

/** @returns the address when it is below the console on this origin, else the console's start: never another site */
export function ownAddress(address: string, origin: string): string {
  const url = URL.parse(address, origin);
  const own = url?.origin === origin && url.pathname.startsWith(CONSOLE_PATH);
  return own && url.pathname !== CALLBACK_PATH ? url.pathname + url.search + url.hash : CONSOLE_PATH;
}

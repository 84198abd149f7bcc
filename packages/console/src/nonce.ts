/** The nonce that the server put into this response for the content security policy. */
export function readNonce(): string {
  const meta = document.querySelector<HTMLMetaElement>('meta[property=csp-nonce]');
  return meta?.nonce ?? '';
}

/** react-remove-scroll, which dialogs lock the page with, takes its nonce from webpack's variable. */
export function shareNonce(nonce: string): void {
  Object.assign(globalThis, { __webpack_nonce__: nonce });
}

declare module 'express' {
  import type { RequestListener } from 'node:http';

  interface Application {
    use(path: string, router: unknown): void;
    listen(port: number, host: string): void;
  }
  const express: () => Application & RequestListener;
  export default express;
}

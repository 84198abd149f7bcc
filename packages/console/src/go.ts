import { useNavigate } from '@tanstack/react-router';
import { useCallback } from 'react';

export interface GoOptions {
  /** `true` keeps what stands in the address. */
  readonly search?: object | true;
  readonly replace?: boolean;
}

/** Navigation to an address that `paths` built. */
export function useGo(): (to: string, options?: GoOptions) => void {
  const navigate = useNavigate();
  return useCallback(
    (to, { search, replace = false } = {}) => {
      // `paths` writes whole addresses, which the route tree's template types can't follow.
      const target = { to, search: search ?? {}, replace } as Parameters<typeof navigate>[0];
      void navigate(target);
    },
    [navigate],
  );
}

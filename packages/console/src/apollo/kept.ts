interface Result<Data> {
  readonly data: unknown;
  readonly previousData?: Data | undefined;
  readonly dataState: string;
  readonly loading: boolean;
  readonly error?: unknown;
  readonly refetch: () => Promise<unknown>;
}

export interface Kept<Data> {
  /** The answer; while the next page loads, the page before. */
  readonly data: Data | undefined;
  readonly loading: boolean;
  readonly failed: boolean;
  readonly retry: () => void;
}

/** What pages need of an Apollo result. After a failure nothing is shown that another address had loaded. */
export function kept<Data>(result: Result<Data>): Kept<Data> {
  const data = (result.dataState === 'complete' ? (result.data as Data) : undefined) ?? result.previousData;
  return {
    data,
    loading: result.loading,
    failed: result.error !== undefined && !result.loading,
    // The error link tells about a failure.
    retry: () => void result.refetch().catch(() => undefined),
  };
}

/** The only place that reads the time, so that one can see who depends on it. */
export const now = (): Date => new Date();

export const secondsFromNow = (seconds: number): Date => new Date(Date.now() + seconds * 1000);

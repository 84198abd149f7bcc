import { useEffect } from 'react';

/** Names the tab; a panel that closes gives the name of the page below back. */
export function usePageTitle(title: string): void {
  useEffect(() => {
    const before = document.title;
    document.title = `${title} - Keyrealm`;
    return () => {
      document.title = before;
    };
  }, [title]);
}

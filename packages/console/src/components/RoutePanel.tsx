import { Drawer } from '@mantine/core';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { usePageTitle } from './usePageTitle';

export interface RoutePanelProps {
  readonly title: string;
  /** Goes back to the page below. */
  readonly onClose: () => void;
  readonly size?: 'md' | 'lg';
  readonly children: ReactNode;
}

/** A side panel that is a route of its own, so that the address holds it. */
export function RoutePanel({ title, onClose, size = 'md', children }: RoutePanelProps) {
  usePageTitle(title);
  useReturnFocus();
  // After this key press, or its Escape would also answer the question that unsaved changes then ask.
  const closeLater = () => window.setTimeout(onClose);
  return (
    <Drawer opened onClose={closeLater} title={title} position="right" size={size} returnFocus={false}>
      {children}
    </Drawer>
  );
}

/** The drawer goes with its route and can't return the focus itself. */
function useReturnFocus(): void {
  const [before] = useState(() => document.activeElement);
  const timer = useRef<number>(undefined);
  useEffect(() => {
    window.clearTimeout(timer.current);
    return () => {
      timer.current = window.setTimeout(() => {
        const back = before instanceof HTMLElement && before !== document.body && before.isConnected;
        (back ? before : document.getElementById('main'))?.focus({ preventScroll: true });
      });
    };
  }, [before]);
}

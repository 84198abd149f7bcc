import { Anchor, type AnchorProps } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

export interface AppLinkProps extends AnchorProps {
  /** An address that `paths` built. */
  readonly to: string;
  /** `true` keeps what stands in the address. */
  readonly search?: object | true;
  readonly children: ReactNode;
}

/** A link within the console. */
export function AppLink({ to, search, children, ...anchor }: AppLinkProps) {
  return (
    <Anchor
      inherit={anchor.size === undefined && anchor.fz === undefined}
      {...anchor}
      renderRoot={(props) => <Link {...props} to={to} {...(search === undefined ? {} : { search })} />}
    >
      {children}
    </Anchor>
  );
}

import type { ReactNode } from 'react';

interface IconProps {
  readonly size?: number;
}

/** Line icons; the text beside them carries the meaning. */
function Drawing({ size = 18, children }: IconProps & { readonly children: ReactNode }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      {children}
    </svg>
  );
}

export const HomeIcon = (props: IconProps) => (
  <Drawing {...props}>
    <path d="M3 9.5 10 4l7 5.5V16a1 1 0 0 1-1 1h-4v-5H8v5H4a1 1 0 0 1-1-1z" />
  </Drawing>
);
export const IdentityIcon = (props: IconProps) => (
  <Drawing {...props}>
    <circle cx="10" cy="7" r="3" />
    <path d="M4 17c.6-3.2 3-5 6-5s5.4 1.8 6 5" />
  </Drawing>
);
export const GroupIcon = (props: IconProps) => (
  <Drawing {...props}>
    <circle cx="7.5" cy="7.5" r="2.5" />
    <path d="M2.5 16c.5-2.7 2.5-4 5-4s4.5 1.3 5 4M12.5 5.200a2.5 2.5 0 0 1 0 4.600M14.5 12.400c1.7.6 2.7 1.8 3 3.6" />
  </Drawing>
);
export const ApplicationIcon = (props: IconProps) => (
  <Drawing {...props}>
    <rect x="3" y="4" width="14" height="12" rx="1.5" />
    <path d="M3 8h14M5.5 6h.01M7.5 6h.01" />
  </Drawing>
);
export const PasskeyIcon = (props: IconProps) => (
  <Drawing {...props}>
    <circle cx="7" cy="7.5" r="3.5" />
    <path d="m9.5 10 6.500 6.500M13.5 14l1.500-1.500" />
  </Drawing>
);
export const CampaignIcon = (props: IconProps) => (
  <Drawing {...props}>
    <path d="M4 8.5v3l2 .5 1.500 4h2L8.5 12l7 2.500v-9L8.500 8zM17.500 8.500v3" />
  </Drawing>
);
export const MailIcon = (props: IconProps) => (
  <Drawing {...props}>
    <rect x="3" y="5" width="14" height="10" rx="1.5" />
    <path d="m3.500 6 6.500 5 6.500-5" />
  </Drawing>
);
export const ProvisioningIcon = (props: IconProps) => (
  <Drawing {...props}>
    <path d="M4 7h11M12 4l3 3-3 3M16 13H5M8 10l-3 3 3 3" />
  </Drawing>
);
export const PolicyIcon = (props: IconProps) => (
  <Drawing {...props}>
    <path d="M10 3 4 5v5c0 3.5 2.5 5.8 6 7 3.5-1.2 6-3.5 6-7V5z" />
    <path d="m7.5 10 1.8 1.800L12.7 8.3" />
  </Drawing>
);
export const EventIcon = (props: IconProps) => (
  <Drawing {...props}>
    <path d="M3 10h3l2-5 4 10 2-5h3" />
  </Drawing>
);
export const RealmIcon = (props: IconProps) => (
  <Drawing {...props}>
    <path d="m10 3 7 3.5-7 3.5-7-3.500zM3 10l7 3.5 7-3.500M3 13.5 10 17l7-3.5" />
  </Drawing>
);
export const SearchIcon = (props: IconProps) => (
  <Drawing {...props}>
    <circle cx="9" cy="9" r="5" />
    <path d="m13 13 4 4" />
  </Drawing>
);
export const CopyIcon = (props: IconProps) => (
  <Drawing {...props}>
    <rect x="7" y="7" width="9" height="9" rx="1.5" />
    <path d="M4 13V5a1 1 0 0 1 1-1h8" />
  </Drawing>
);
export const CheckIcon = (props: IconProps) => (
  <Drawing {...props}>
    <path d="m4.5 10.5 3.5 3.5 7.5-8" />
  </Drawing>
);
export const SunIcon = (props: IconProps) => (
  <Drawing {...props}>
    <circle cx="10" cy="10" r="3.2" />
    <path d="M10 2.500v1.800M10 15.700v1.800M2.5 10h1.800M15.7 10h1.800M4.7 4.7 6 6M14 14l1.3 1.300M4.7 15.3 6 14M14 6l1.3-1.3" />
  </Drawing>
);
export const MoonIcon = (props: IconProps) => (
  <Drawing {...props}>
    <path d="M16 11.500A6.5 6.5 0 0 1 8.5 4a6.5 6.5 0 1 0 7.5 7.500z" />
  </Drawing>
);
export const SystemIcon = (props: IconProps) => (
  <Drawing {...props}>
    <circle cx="10" cy="10" r="6.5" />
    <path d="M10 3.500v13a6.5 6.5 0 0 0 0-13z" fill="currentColor" />
  </Drawing>
);

import { ActionIcon, type MantineColorScheme, Tooltip, useMantineColorScheme } from '@mantine/core';
import { MoonIcon, SunIcon, SystemIcon } from '../components/icons';

const NEXT = { auto: 'light', light: 'dark', dark: 'auto' } as const;
const NAMES = { auto: 'as the system', light: 'light', dark: 'dark' } as const;
const ICONS = { auto: SystemIcon, light: SunIcon, dark: MoonIcon } as const;

/** Goes round: as the system, light, dark. */
export function ColourScheme() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const scheme: MantineColorScheme = colorScheme;
  const Icon = ICONS[scheme];
  const label = `Colours: ${NAMES[scheme]}`;
  return (
    <Tooltip label={label}>
      <ActionIcon variant="default" size={30} aria-label={label} onClick={() => setColorScheme(NEXT[scheme])}>
        <Icon />
      </ActionIcon>
    </Tooltip>
  );
}

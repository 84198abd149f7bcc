import { type CSSVariablesResolver, createTheme } from '@mantine/core';

/** The head of a dialog would count as a second banner of the page. */
const overlay = {
  closeButtonProps: { 'aria-label': 'Close' },
  attributes: { header: { role: 'presentation' } },
};

export const theme = createTheme({
  primaryColor: 'indigo',
  primaryShade: { light: 8, dark: 7 },
  defaultRadius: 'sm',
  cursorType: 'pointer',
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace',
  headings: { fontWeight: '600', sizes: { h1: { fontSize: '1.4rem' }, h2: { fontSize: '1.05rem' } } },
  components: {
    Modal: { defaultProps: overlay, styles: { title: { fontWeight: 600 } } },
    Drawer: { defaultProps: overlay, styles: { title: { fontWeight: 600 } } },
    Notification: { styles: { description: { color: 'var(--mantine-color-dimmed)' } } },
    Button: { defaultProps: { size: 'sm' } },
    Tooltip: {
      defaultProps: { events: { hover: true, focus: true, touch: true }, multiline: true, maw: 320 },
    },
  },
});

/** The colours whose contrast is below WCAG 2.2 AA (1.4.3) as they come. */
export const cssVariables: CSSVariablesResolver = ({ colors }) => {
  const light: Record<string, string> = {
    '--mantine-color-dimmed': '#5c636a',
    '--mantine-color-placeholder': '#6b7279',
    '--mantine-color-error': colors.red[9],
  };
  for (const name of ['gray', 'red', 'green', 'yellow', 'blue', 'indigo'] as const)
    light[`--mantine-color-${name}-light-color`] = colors[name][9];
  light['--mantine-color-indigo-light-hover'] = '#cdd8ff';
  light['--mantine-color-yellow-light-color'] = '#7a4100';
  light['--mantine-color-green-light-color'] = '#1b5e20';
  const dark = {
    '--mantine-color-dimmed': '#a6adb4',
    '--mantine-color-placeholder': '#9aa1a8',
    '--mantine-color-error': colors.red[4],
    // Also on a row below the pointer.
    '--mantine-color-anchor': colors.indigo[3],
    '--mantine-color-red-filled': colors.red[8],
    '--mantine-color-red-filled-hover': colors.red[9],
  };
  return { variables: {}, light, dark };
};

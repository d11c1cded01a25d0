// Mantine's look, derived from the tokens: dense sizes, our greys, one accent.
import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core';

const accent: MantineColorsTuple = [
  '#ecebfd',
  '#d6d5fa',
  '#b3b2f5',
  '#8f8ff5',
  '#7676ea',
  '#6868e2',
  '#5b5bd6',
  '#5151cd',
  '#4343ab',
  '#363689',
];

const dark: MantineColorsTuple = [
  '#e4e7ec',
  '#c3c9d3',
  '#a3abb8',
  '#838c9a',
  '#363d49',
  '#242932',
  '#1a1e25',
  '#13161b',
  '#0d0f13',
  '#090a0d',
];

const gray: MantineColorsTuple = [
  '#f8f9fb',
  '#f1f3f6',
  '#e1e4ea',
  '#d3d8e0',
  '#c6ccd6',
  '#9aa3b2',
  '#667080',
  '#4e5766',
  '#2f3643',
  '#1b1f27',
];

const popover = { shadow: 'md', withinPortal: true, transitionProps: { duration: 80 } } as const;

// Components are named, not imported, so that each page loads only those it uses.
export const theme = createTheme({
  fontFamily: 'var(--font-sans)',
  fontFamilyMonospace: 'var(--font-mono)',
  primaryColor: 'accent',
  primaryShade: { light: 6, dark: 6 },
  colors: { accent, dark, gray },
  defaultRadius: 'sm',
  cursorType: 'pointer',
  fontSizes: { xs: '12px', sm: '13px', md: '13px', lg: '15px', xl: '18px' },
  radius: { xs: '3px', sm: '5px', md: '6px', lg: '8px', xl: '12px' },
  spacing: { xs: '6px', sm: '8px', md: '12px', lg: '16px', xl: '24px' },
  components: {
    Button: { defaultProps: { size: 'xs', variant: 'default' } },
    ActionIcon: {
      defaultProps: { size: 26, variant: 'subtle', color: 'gray' },
    },
    TextInput: { defaultProps: { size: 'xs' } },
    Textarea: { defaultProps: { size: 'xs' } },
    Select: { defaultProps: { size: 'xs', comboboxProps: popover } },
    MultiSelect: { defaultProps: { size: 'xs', comboboxProps: popover } },
    SegmentedControl: { defaultProps: { size: 'xs' } },
    Checkbox: { defaultProps: { size: 'xs' } },
    Switch: { defaultProps: { size: 'xs' } },
    Menu: { defaultProps: popover },
    Popover: { defaultProps: popover },
    Tooltip: {
      defaultProps: { openDelay: 350, transitionProps: { duration: 80 }, fz: 12, px: 8, py: 4 },
    },
    Modal: {
      defaultProps: {
        centered: true,
        transitionProps: { duration: 100 },
        overlayProps: { backgroundOpacity: 0.5 },
      },
    },
  },
});

const shared = {
  '--mantine-color-body': 'var(--surface)',
  '--mantine-color-text': 'var(--text)',
  '--mantine-color-dimmed': 'var(--muted)',
  '--mantine-color-placeholder': 'var(--faint)',
  '--mantine-color-default': 'var(--surface)',
  '--mantine-color-default-hover': 'var(--hover)',
  '--mantine-color-default-color': 'var(--text)',
  '--mantine-color-default-border': 'var(--border-strong)',
  '--mantine-color-error': 'var(--error)',
  '--mantine-color-anchor': 'var(--accent)',
  '--mantine-shadow-md': 'var(--shadow)',
};

/** Maps Mantine's own variables onto the tokens, so that a change of scheme has one source. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: shared,
  dark: { ...shared, '--mantine-color-default': 'var(--raised)' },
});

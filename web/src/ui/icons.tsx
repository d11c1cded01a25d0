// The icons: strokes on a grid of 24, in the colour of the text around them.
import type { ReactNode } from 'react';

const SHAPES = {
  home: <path d="M4 11.5 12 5l8 6.5M6.5 10v9h11v-9M10 19v-5h4v5" />,
  logs: <path d="M4 6h2M9 6h11M4 12h2M9 12h11M4 18h2M9 18h7" />,
  traces: <path d="M4 6h9M8 12h9M12 18h8M4 6v0M8 6v6M12 12v6" />,
  metrics: <path d="M4 4v16h16M7.5 15l4-5 3 3 5-7" />,
  dashboards: (
    <path d="M4 4h7v9H4zM13.5 4H20v5h-6.500zM13.5 11.500H20V20h-6.500zM4 15.500h7V20H4z" />
  ),
  alerts: <path d="M6 16.500V11a6 6 0 0 1 12 0v5.500l1.5 1.500h-15zM10 20.500h4" />,
  status: <path d="M3 12h4l2.5-7 4.5 14 2.5-7H21" />,
  search: <path d="M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM15.5 15.5 20 20" />,
  clock: <path d="M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12 7.500V12l3 2" />,
  refresh: <path d="M19.5 12a7.5 7.5 0 1 1-2.2-5.300M19.5 3.500V8H15" />,
  up: <path d="M6 14.5 12 9l6 5.5" />,
  down: <path d="M6 9.5 12 15l6-5.5" />,
  left: <path d="M14.5 6 9 12l5.5 6" />,
  right: <path d="M9.5 6 15 12l-5.5 6" />,
  plus: <path d="M12 5v14M5 12h14" />,
  minus: <path d="M5 12h14" />,
  close: <path d="M6 6l12 12M18 6 6 18" />,
  check: <path d="M5 12.5 10 17.5 19 7" />,
  sun: (
    <path d="M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 3v2M12 19v2M3 12h2M19 12h2M5.6 5.6 7 7M17 17l1.4 1.400M5.6 18.4 7 17M17 7l1.4-1.4" />
  ),
  moon: <path d="M19.5 14.500A8 8 0 0 1 9.5 4.500a8 8 0 1 0 10 10z" />,
  play: <path d="M8 5.500v13l10.5-6.500z" />,
  pause: <path d="M8.5 5.500v13M15.5 5.500v13" />,
  pin: <path d="M9 4h6l-.5 6 3 3.500h-11l3-3.500zM12 13.500V20" />,
  filter: <path d="M4 5.500h16l-6.2 7.300V19l-3.6-2v-4.200z" />,
  copy: <path d="M9 9h10.500v10.500H9zM5 15H4.500V4.500H15V5" />,
  open: <path d="M13.5 4.500h6v6M19.5 4.500l-9 9M16.5 14v5.500h-12v-12H10" />,
  upload: <path d="M12 15.500V4.500M7.5 9 12 4.5 16.5 9M4.5 15.500v4h15v-4" />,
  download: <path d="M12 4.500v11M7.5 11l4.5 4.5 4.5-4.500M4.5 15.500v4h15v-4" />,
  more: <path d="M6 12h.01M12 12h.01M18 12h.01" strokeWidth={3} />,
  'zoom-out': (
    <path d="M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM15.5 15.5 20 20M7.5 10.500h6" />
  ),
  warning: <path d="M12 4.5 3.5 19.500h17zM12 10v4.500M12 17v.01" />,
  error: <path d="M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12 8v5M12 16v.01" />,
  info: <path d="M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12 11v5M12 8v.01" />,
  eye: (
    <path d="M3 12c2.5-4.5 5.5-6.5 9-6.500s6.5 2 9 6.500c-2.5 4.5-5.5 6.5-9 6.500S5.5 16.5 3 12zM12 9.500a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z" />
  ),
  'eye-off': (
    <path d="M4 4l16 16M9.5 6c.8-.3 1.6-.5 2.5-.5 3.5 0 6.5 2 9 6.5-.7 1.2-1.4 2.2-2.2 3M6.5 7.500C5.2 8.6 4 10.1 3 12c2.5 4.5 5.5 6.5 9 6.5 1.5 0 2.9-.4 4.2-1.1" />
  ),
  trash: <path d="M5 7h14M9.5 7V4.500h5V7M7 7l.8 12.500h8.400L17 7" />,
  columns: <path d="M4 5h16v14H4zM9.5 5v14M14.5 5v14" />,
  keyboard: <path d="M3.5 6.500h17v11h-17zM7 10h.01M10.3 10h.01M13.7 10h.01M17 10h.01M8 14h8" />,
  history: <path d="M4.5 12a7.5 7.5 0 1 0 2.2-5.300M4.5 4v4H9M12 8v4l3 2" />,
  stop: <path d="M7 7h10v10H7z" />,
  link: (
    <path d="M10 13.500a4 4 0 0 0 6 .4l2.5-2.500a4 4 0 0 0-5.7-5.700l-1.3 1.300M14 10.500a4 4 0 0 0-6-.400l-2.5 2.500a4 4 0 0 0 5.7 5.700l1.3-1.3" />
  ),
  expand: <path d="M14 4.500h5.500V10M10 19.500H4.500V14M19.5 4.5 14 10M4.5 19.5 10 14" />,
  settings: <path d="M4 7h9M17 7h3M4 17h3M11 17h9M15 5v4M9 15v4" />,
  folder: <path d="M3.5 6h6l2 2.500h9V19h-17z" />,
  silence: <path d="M4 4l16 16M8 7.500A6 6 0 0 1 18 11v3M6 11v5.500l-1.5 1.500H17M10 20.500h4" />,
} satisfies Record<string, ReactNode>;

export type IconName = keyof typeof SHAPES;

interface IconProps {
  name: IconName;
  size?: number;
  className?: string | undefined;
}

export function Icon({ name, size = 16, className }: IconProps) {
  return (
    <svg
      className={className}
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={1.7}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      {SHAPES[name]}
    </svg>
  );
}

// The left rail: the sections, as icons or with their names.
import { Tooltip } from '@mantine/core';
import { useState } from 'react';
import { Link } from '@/router/Link';
import { usePlace } from '@/router/location';
import { Icon } from '@/ui/icons';
import styles from './app.module.css';
import { SECTIONS, type Section } from './pages';

const STORAGE_KEY = 'sightglass.rail';

export function Rail() {
  const [wide, setWide] = useState(() => localStorage.getItem(STORAGE_KEY) === 'wide');
  const { path } = usePlace();
  const toggle = () => {
    localStorage.setItem(STORAGE_KEY, wide ? 'narrow' : 'wide');
    setWide(!wide);
  };
  return (
    <nav className={styles.rail} data-wide={wide || undefined} aria-label="Sections">
      <Link to="/" className={styles.logo} aria-label="Sightglass">
        <Logo />
        {wide && <span>Sightglass</span>}
      </Link>
      {SECTIONS.map((section) => (
        <RailItem key={section.to} section={section} wide={wide} active={isActive(section, path)} />
      ))}
      <button
        type="button"
        className={styles.railToggle}
        onClick={toggle}
        aria-label={wide ? 'Narrow the rail' : 'Widen the rail'}
      >
        <Icon name={wide ? 'left' : 'right'} size={14} />
      </button>
    </nav>
  );
}

function RailItem({ section, wide, active }: { section: Section; wide: boolean; active: boolean }) {
  const item = (
    <Link
      to={section.to}
      className={styles.railItem ?? ''}
      aria-current={active ? 'page' : undefined}
      aria-label={section.name}
    >
      <Icon name={section.icon} size={18} />
      {wide && <span>{section.name}</span>}
    </Link>
  );
  if (wide) return item;
  return (
    <Tooltip label={section.name} position="right" openDelay={100}>
      {item}
    </Tooltip>
  );
}

function isActive({ to }: Section, path: string): boolean {
  return to === '/' ? path === '/' : path === to || path.startsWith(`${to}/`);
}

function Logo() {
  return (
    <svg width="26" height="26" viewBox="0 0 32 32" fill="none" aria-hidden="true">
      <rect width="32" height="32" rx="8" fill="var(--accent-fill)" />
      <circle cx="16" cy="16" r="9" stroke="#fff" strokeWidth="2.4" />
      <path
        d="M7.5 18.5c3-4 5.5 2.5 8.5-1.5s5.5-4 8.5-.5"
        stroke="#fff"
        strokeWidth="2.4"
        strokeLinecap="round"
      />
    </svg>
  );
}

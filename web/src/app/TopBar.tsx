// The top bar: where I am, search, time, refresh, colours, help.
import { ActionIcon, Tooltip, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { Fragment } from 'react';
import { Link } from '@/router/Link';
import { RefreshPicker } from '@/time/RefreshPicker';
import { TimeRangePicker } from '@/time/TimeRangePicker';
import { Icon } from '@/ui/icons';
import styles from './app.module.css';
import { useCrumbs } from './page-title';

interface TopBarProps {
  onSearch: () => void;
  onHelp: () => void;
}

export function TopBar({ onSearch, onHelp }: TopBarProps) {
  return (
    <header className={styles.topBar}>
      <Crumbs />
      <button type="button" className={styles.searchBox} onClick={onSearch}>
        <Icon name="search" size={14} />
        <span>Search or jump to…</span>
        <kbd>{isApple() ? '⌘K' : 'Ctrl K'}</kbd>
      </button>
      <TimeRangePicker />
      <RefreshPicker />
      <SchemeSwitch />
      <Tooltip label="Keys (?)">
        <ActionIcon aria-label="Keys" onClick={onHelp}>
          <Icon name="keyboard" />
        </ActionIcon>
      </Tooltip>
    </header>
  );
}

function Crumbs() {
  const crumbs = useCrumbs();
  return (
    <div className={styles.crumbs}>
      {crumbs.map(({ text, to }, index) => (
        <Fragment key={`${index} ${text}`}>
          {index > 0 && <span className="faint">/</span>}
          {to === undefined ? (
            <h1 className="truncate">{text}</h1>
          ) : (
            <Link to={to} className="muted">
              {text}
            </Link>
          )}
        </Fragment>
      ))}
    </div>
  );
}

function SchemeSwitch() {
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme('dark');
  const other = scheme === 'dark' ? 'light' : 'dark';
  return (
    <Tooltip label={`To the ${other} colours`}>
      <ActionIcon aria-label={`To the ${other} colours`} onClick={() => setColorScheme(other)}>
        <Icon name={scheme === 'dark' ? 'sun' : 'moon'} />
      </ActionIcon>
    </Tooltip>
  );
}

function isApple(): boolean {
  return /Mac|iPhone|iPad/.test(navigator.userAgent);
}

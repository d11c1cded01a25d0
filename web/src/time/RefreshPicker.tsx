// Asks again now, or by itself.
import { ActionIcon, Button, Menu, Tooltip } from '@mantine/core';
import { useIsFetching } from '@tanstack/react-query';
import { Icon } from '@/ui/icons';
import { REFRESHES } from './refresh';
import styles from './time.module.css';
import { useTime } from './TimeContext';

export function RefreshPicker() {
  const { refresh, setRefresh, refreshNow } = useTime();
  const busy = useIsFetching() > 0;
  return (
    <div className={styles.group}>
      <Tooltip label="Ask again now (r)">
        <ActionIcon variant="default" size={30} aria-label="Ask again now" onClick={refreshNow}>
          <Icon name="refresh" size={15} className={busy ? styles.busy : undefined} />
        </ActionIcon>
      </Tooltip>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button
            px={8}
            aria-label="Refresh interval"
            rightSection={<Icon name="down" size={12} />}
          >
            {refresh.name === 'live' && <span className={styles.live} />}
            {refresh.label}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {REFRESHES.map((choice) => (
            <Menu.Item
              key={choice.name}
              onClick={() => setRefresh(choice)}
              rightSection={choice.name === refresh.name ? <Icon name="check" size={14} /> : null}
            >
              {choice.label}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </div>
  );
}

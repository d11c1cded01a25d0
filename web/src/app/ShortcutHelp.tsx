// All keys that work on the current page.
import { Modal } from '@mantine/core';
import { useState } from 'react';
import styles from './app.module.css';
import { activeShortcuts } from './shortcuts';

export default function ShortcutHelp({ onClose }: { onClose: () => void }) {
  const [shortcuts] = useState(activeShortcuts);
  return (
    <Modal opened onClose={onClose} title="Keys" size="md">
      <table className={styles.keys}>
        <tbody>
          {shortcuts.map(({ key, description }) => (
            <tr key={key}>
              <td>
                <kbd>{key.replace('mod+', 'Ctrl/⌘ ')}</kbd>
              </td>
              <td>{description}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Modal>
  );
}

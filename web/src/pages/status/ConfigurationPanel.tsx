// The files that were read, those with problems first.
import type { ConfigurationFile } from '@/api/status';
import { formatAgo } from '@/time/format-time';
import { Badge } from '@/ui/Badge';
import { Panel } from '@/ui/Panel';
import styles from './status.module.css';

interface ConfigurationPanelProps {
  files: readonly ConfigurationFile[];
  nowMs: number;
}

export function ConfigurationPanel({ files, nowMs }: ConfigurationPanelProps) {
  const sorted = [...files].sort((a, b) => weight(b) - weight(a) || a.path.localeCompare(b.path));
  const errors = files.filter((file) => weight(file) === 2).length;
  return (
    <Panel
      title="Configuration"
      aside={
        errors > 0 ? <span className={styles.bad}>{errors} could not be used</span> : 'all read'
      }
    >
      <ul className={styles.files}>
        {sorted.map((file) => (
          <li key={`${file.kind} ${file.path}`}>
            <div className={styles.file}>
              <FileBadge file={file} />
              <code>{file.path}</code>
              <span className="muted">{file.kind}</span>
              <span className={`${styles.right ?? ''} faint`}>
                read {formatAgo(file.loaded_ms, nowMs)}
              </span>
            </div>
            {file.problems.map(({ severity, message }) => (
              <p key={message} className={styles.problem} data-severity={severity}>
                {severity}: {message}
              </p>
            ))}
          </li>
        ))}
      </ul>
      {files.length === 0 && (
        <p className={styles.none}>No file was given: everything runs with its defaults.</p>
      )}
    </Panel>
  );
}

function weight({ ok, problems }: ConfigurationFile): number {
  if (!ok || problems.some(({ severity }) => severity === 'error')) return 2;
  return problems.length > 0 ? 1 : 0;
}

function FileBadge({ file }: { file: ConfigurationFile }) {
  const grade = weight(file);
  if (grade === 2) return <Badge tone="error">refused</Badge>;
  return grade === 1 ? <Badge tone="warning">in part</Badge> : <Badge tone="ok">in use</Badge>;
}

// The native status API: build, listeners, storage, configuration.
import { get } from './http';

export interface Listener {
  name: string;
  address: string | null;
  state: 'listening' | 'off' | 'busy';
  purpose: string;
}

export interface SignalStore {
  signal: 'metrics' | 'logs' | 'traces';
  series: number;
  head_rows: number;
  head_bytes: number;
  wal_bytes: number;
  parts: number;
  part_rows: number;
  part_bytes: number;
  oldest_ms: number | null;
  newest_ms: number | null;
  retention_ms: number | null;
  retention_bytes: number | null;
  quarantined: { path: string; reason: string }[];
}

export interface ConfigurationFile {
  kind: 'sightglass' | 'prometheus' | 'alertmanager' | 'rules' | 'dashboards';
  path: string;
  loaded_ms: number;
  ok: boolean;
  problems: { severity: 'error' | 'warning'; message: string }[];
}

export interface Status {
  version: string;
  revision: string;
  started_ms: number;
  uptime_seconds: number;
  pid: number;
  hostname: string;
  data_dir: string;
  log_format: string;
  memory_bytes: number;
  cpu_seconds: number;
  listeners: Listener[];
  storage: {
    disk: { path: string; total_bytes: number; available_bytes: number; read_only: boolean };
    stores: SignalStore[];
  };
  configuration: { files: ConfigurationFile[] };
}

export function status(signal?: AbortSignal): Promise<Status> {
  return get('/api/status', { signal });
}

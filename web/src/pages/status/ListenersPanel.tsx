// The ports that are open, and those that could not be.
import type { Listener } from '@/api/status';
import { Badge, type Tone } from '@/ui/Badge';
import { type Column, DataTable } from '@/ui/DataTable';
import { Panel } from '@/ui/Panel';

const TONES: Readonly<Record<Listener['state'], Tone>> = {
  listening: 'ok',
  busy: 'warning',
  off: 'debug',
};
const RANK: Readonly<Record<Listener['state'], number>> = { busy: 0, listening: 1, off: 2 };

const COLUMNS: readonly Column<Listener>[] = [
  {
    id: 'state',
    title: 'State',
    width: 100,
    cell: (row) => <Badge tone={TONES[row.state]}>{row.state}</Badge>,
  },
  { id: 'name', title: 'Listener', sortBy: (row) => row.name, cell: (row) => row.name },
  {
    id: 'address',
    title: 'Address',
    cell: (row) =>
      row.address === null ? <span className="faint">–</span> : <code>{row.address}</code>,
  },
  { id: 'purpose', title: 'For', cell: (row) => <span className="muted">{row.purpose}</span> },
];

export function ListenersPanel({ listeners }: { listeners: readonly Listener[] }) {
  const sorted = [...listeners].sort((a, b) => RANK[a.state] - RANK[b.state]);
  const open = listeners.filter(({ state }) => state === 'listening').length;
  return (
    <Panel title="Listeners" aside={`${open} open`}>
      <DataTable rows={sorted} columns={COLUMNS} rowKey={(row) => row.name} />
    </Panel>
  );
}

// The filters beside the query: each can be pinned, turned around, switched off or removed.
import { Button, Menu, Popover, Select, TextInput } from '@mantine/core';
import { type SyntheticEvent, useState } from 'react';
import type { LogFilter } from '@/api/logs';
import { Icon } from '@/ui/icons';
import { describeFilter, negateFilter, sameFilter } from './log-state';
import styles from './logs.module.css';

export interface FilterSets {
  filters: readonly LogFilter[];
  pinned: readonly LogFilter[];
}

interface FilterPillsProps extends FilterSets {
  fields: readonly string[];
  onChange: (sets: FilterSets) => void;
}

export function FilterPills({ filters, pinned, fields, onChange }: FilterPillsProps) {
  const replace = (old: LogFilter, next: LogFilter | null) => {
    const swap = (list: readonly LogFilter[]) =>
      list.flatMap((filter) =>
        sameFilter(filter, old) ? (next === null ? [] : [next]) : [filter],
      );
    onChange({ filters: swap(filters), pinned: swap(pinned) });
  };
  const togglePin = (filter: LogFilter, isPinned: boolean) =>
    onChange(
      isPinned
        ? {
            pinned: pinned.filter((other) => !sameFilter(other, filter)),
            filters: [...filters, filter],
          }
        : {
            pinned: [...pinned, filter],
            filters: filters.filter((other) => !sameFilter(other, filter)),
          },
    );
  const pill = (isPinned: boolean) => (filter: LogFilter) => (
    <FilterPill
      key={describeFilter(filter)}
      filter={filter}
      pinned={isPinned}
      onReplace={(next) => replace(filter, next)}
      onPin={() => togglePin(filter, isPinned)}
    />
  );
  return (
    <div className={styles.pills}>
      {pinned.map(pill(true))}
      {filters.map(pill(false))}
      <AddFilter
        fields={fields}
        onAdd={(filter) => onChange({ pinned, filters: [...filters, filter] })}
      />
      {filters.length > 1 && (
        <Button
          size="compact-xs"
          variant="subtle"
          color="gray"
          onClick={() => onChange({ pinned, filters: [] })}
        >
          Clear
        </Button>
      )}
    </div>
  );
}

interface FilterPillProps {
  filter: LogFilter;
  pinned: boolean;
  onReplace: (next: LogFilter | null) => void;
  onPin: () => void;
}

function FilterPill({ filter, pinned, onReplace, onPin }: FilterPillProps) {
  const negative = filter.op === 'is_not' || filter.op === 'not_exists';
  return (
    <span
      className={styles.pill}
      data-negative={negative || undefined}
      data-disabled={filter.disabled || undefined}
    >
      <Menu position="bottom-start">
        <Menu.Target>
          <button type="button" className={styles.pillText}>
            {pinned && <Icon name="pin" size={12} />}
            <span className={styles.pillField}>{filter.field}</span>
            <span className="faint">
              {describeFilter({ ...filter, field: '', value: '' }).trim()}
            </span>
            {filter.value !== undefined && <span className="truncate">{filter.value}</span>}
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<Icon name="pin" size={14} />} onClick={onPin}>
            {pinned ? 'Unpin' : 'Pin: keep it on every page'}
          </Menu.Item>
          <Menu.Item
            leftSection={<Icon name="minus" size={14} />}
            onClick={() => onReplace(negateFilter(filter))}
          >
            {negative ? 'Include' : 'Exclude'}
          </Menu.Item>
          <Menu.Item
            leftSection={<Icon name={filter.disabled === true ? 'eye' : 'eye-off'} size={14} />}
            onClick={() => onReplace({ ...filter, disabled: filter.disabled !== true })}
          >
            {filter.disabled === true ? 'Switch on' : 'Switch off'}
          </Menu.Item>
          <Menu.Item leftSection={<Icon name="trash" size={14} />} onClick={() => onReplace(null)}>
            Remove
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <button
        type="button"
        className={styles.pillClose}
        aria-label={`Remove ${describeFilter(filter)}`}
        onClick={() => onReplace(null)}
      >
        <Icon name="close" size={12} />
      </button>
    </span>
  );
}

const OPERATORS = [
  { value: 'is', label: 'is' },
  { value: 'is_not', label: 'is not' },
  { value: 'exists', label: 'exists' },
  { value: 'not_exists', label: 'does not exist' },
];

function AddFilter({
  fields,
  onAdd,
}: {
  fields: readonly string[];
  onAdd: (filter: LogFilter) => void;
}) {
  const [open, setOpen] = useState(false);
  const [field, setField] = useState<string | null>(null);
  const [op, setOp] = useState<LogFilter['op']>('is');
  const [value, setValue] = useState('');
  const valued = op === 'is' || op === 'is_not';
  const add = (event: SyntheticEvent) => {
    event.preventDefault();
    if (field === null || (valued && value === '')) return;
    onAdd(valued ? { field, op, value } : { field, op });
    setOpen(false);
    setValue('');
  };
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-start" trapFocus>
      <Popover.Target>
        <Button
          size="compact-xs"
          variant="subtle"
          color="gray"
          leftSection={<Icon name="plus" size={12} />}
          onClick={() => setOpen(!open)}
        >
          Filter
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <form className={styles.filterForm} onSubmit={add}>
          <Select
            label="Field"
            searchable
            data={[...fields]}
            value={field}
            onChange={setField}
            comboboxProps={{ withinPortal: false }}
          />
          <Select
            label="Operator"
            data={OPERATORS}
            value={op}
            allowDeselect={false}
            onChange={(next) => setOp((next ?? 'is') as LogFilter['op'])}
            comboboxProps={{ withinPortal: false }}
          />
          {valued && (
            <TextInput
              label="Value"
              value={value}
              onChange={(event) => setValue(event.currentTarget.value)}
            />
          )}
          <Button
            type="submit"
            variant="filled"
            disabled={field === null || (valued && value === '')}
          >
            Add
          </Button>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}

// The variables above a dashboard: each a list to choose from, or a text.
import { Button, Checkbox, Popover, TextInput, Tooltip } from '@mantine/core';
import { useState } from 'react';
import { ALL, type VariableOption } from '@/dashboards/schema';
import type { VariableState } from '@/dashboards/variables/resolve';
import { setParams } from '@/router/url-state';
import { Icon } from '@/ui/icons';
import { variableParam } from './dashboard-state';
import styles from './dashboards.module.css';

export function VariableBar({ states }: { states: readonly VariableState[] }) {
  const shown = states.filter(
    ({ variable }) => variable.hide !== 2 && !['constant', 'adhoc'].includes(variable.type),
  );
  if (shown.length === 0) return null;
  return (
    <div className={styles.variables}>
      {shown.map((state) => (
        <VariableControl key={state.variable.name} state={state} />
      ))}
    </div>
  );
}

function VariableControl({ state }: { state: VariableState }) {
  const { variable, problem } = state;
  const set = (values: readonly string[]) => setParams({ [variableParam(variable.name)]: values });
  return (
    <label className={styles.variable}>
      {variable.hide !== 1 && (
        <span className="muted" title={variable.description}>
          {variable.label}
        </span>
      )}
      {variable.type === 'textbox' ? (
        <TextInput
          key={state.values[0] ?? ''}
          defaultValue={state.values[0] ?? ''}
          aria-label={variable.label}
          onBlur={(event) => set([event.currentTarget.value])}
          onKeyDown={(event) => {
            if (event.key === 'Enter') set([event.currentTarget.value]);
          }}
        />
      ) : (
        <OptionList state={state} onChange={set} />
      )}
      {problem !== null && (
        <Tooltip label={problem}>
          <span className={styles.problem}>
            <Icon name="warning" size={14} />
          </span>
        </Tooltip>
      )}
    </label>
  );
}

const MAX_SHOWN = 200;

interface OptionListProps {
  state: VariableState;
  onChange: (values: readonly string[]) => void;
}

function OptionList({ state, onChange }: OptionListProps) {
  const { variable, values } = state;
  const [open, setOpen] = useState(false);
  const choose = (value: string) => {
    onChange(variable.multi ? toggledValues(values, value) : [value]);
    if (!variable.multi) setOpen(false);
  };
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-start" trapFocus>
      <Popover.Target>
        <Button
          aria-label={variable.label}
          rightSection={<Icon name="down" size={12} />}
          onClick={() => setOpen(!open)}
          fw={500}
        >
          <span className={styles.variableValue}>{summary(state)}</span>
        </Button>
      </Popover.Target>
      <Popover.Dropdown p={6}>
        <Options state={state} onChoose={choose} />
      </Popover.Dropdown>
    </Popover>
  );
}

function Options({ state, onChoose }: { state: VariableState; onChoose: (value: string) => void }) {
  const { variable, options, values } = state;
  const [search, setSearch] = useState('');
  const wanted = search.toLowerCase();
  const all: VariableOption[] = variable.includeAll ? [{ text: 'All', value: ALL }] : [];
  const found = [...all, ...options].filter(({ text }) => text.toLowerCase().includes(wanted));
  return (
    <>
      {options.length > 8 && (
        <TextInput
          placeholder={`Find in ${options.length}`}
          aria-label="Find"
          value={search}
          mb={4}
          data-autofocus
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
      )}
      <div className={styles.options}>
        {found.slice(0, MAX_SHOWN).map(({ text, value }) => (
          <button
            key={value}
            type="button"
            className={styles.option}
            aria-pressed={values.includes(value)}
            onClick={() => onChoose(value)}
          >
            {variable.multi && <Checkbox checked={values.includes(value)} readOnly tabIndex={-1} />}
            <span className="truncate">{text}</span>
          </button>
        ))}
        {found.length > MAX_SHOWN && (
          <div className="faint">and {found.length - MAX_SHOWN} more: search for them</div>
        )}
        {found.length === 0 && <div className={styles.noOption}>Nothing to choose</div>}
      </div>
    </>
  );
}

/** All and single values exclude each other; the last one chosen stays. */
export function toggledValues(values: readonly string[], value: string): string[] {
  if (value === ALL) return [ALL];
  const single = values.filter((other) => other !== ALL);
  if (!single.includes(value)) return [...single, value];
  const left = single.filter((other) => other !== value);
  return left.length === 0 ? [...values] : left;
}

function summary({ values, options }: VariableState): string {
  if (values.length === 0) return '–';
  if (values.includes(ALL)) return 'All';
  const texts = values.map(
    (value) => options.find((option) => option.value === value)?.text ?? value,
  );
  return texts.length <= 2 ? texts.join(' + ') : `${texts[0] ?? ''} + ${texts.length - 1} more`;
}

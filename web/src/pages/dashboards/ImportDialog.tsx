// Brings a Grafana dashboard in, from a file or pasted.
import {
  Autocomplete,
  Button,
  Checkbox,
  FileButton,
  Modal,
  Textarea,
  TextInput,
} from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { type DashboardImport, importDashboard } from '@/api/dashboards';
import { plural } from '@/format/quantity';
import { href } from '@/router/href';
import { navigate } from '@/router/location';
import { Icon } from '@/ui/icons';
import { ErrorNotice } from '@/ui/Notice';
import { toast } from '@/ui/toasts';
import styles from './dashboards.module.css';
import { type ImportPreview, previewImport } from './import-source';

interface ImportDialogProps {
  folders: readonly string[];
  onClose: () => void;
}

export function ImportDialog({ folders, onClose }: ImportDialogProps) {
  const [source, setSource] = useState('');
  const { preview, problem } = useMemo(() => previewOrProblem(source), [source]);
  return (
    <Modal opened onClose={onClose} title="Import a Grafana dashboard" size="lg">
      <div className={styles.form}>
        <FileButton
          accept="application/json,.json"
          onChange={(file) => {
            if (file !== null) void file.text().then(setSource);
          }}
        >
          {(props) => (
            <Button {...props} leftSection={<Icon name="upload" size={14} />}>
              Choose a file
            </Button>
          )}
        </FileButton>
        <Textarea
          label="or paste its JSON"
          rows={8}
          value={source}
          error={problem}
          classNames={{ input: 'mono' }}
          onChange={(event) => setSource(event.currentTarget.value)}
        />
        {preview !== null && (
          <ImportForm key={source} preview={preview} folders={folders} onClose={onClose} />
        )}
      </div>
    </Modal>
  );
}

interface ImportFormProps extends ImportDialogProps {
  preview: ImportPreview;
}

function ImportForm({ preview, folders, onClose }: ImportFormProps) {
  const [folder, setFolder] = useState('');
  const [overwrite, setOverwrite] = useState(false);
  const [answers, setAnswers] = useState<Readonly<Record<string, string>>>({});
  const inputs = preview.inputs.map((input) => ({
    ...input,
    value: answers[input.name] ?? input.value,
  }));
  const save = useImport({
    dashboard: preview.dashboard,
    folder,
    overwrite,
    inputs: inputs.map(({ name, value }) => ({ name, value })),
  });
  return (
    <>
      <p>
        <strong>{preview.title}</strong>{' '}
        <span className="muted">
          {plural(preview.panels, 'panel')}, {plural(preview.variables, 'variable')}
        </span>
      </p>
      {inputs.map(({ name, label, description, value }) => (
        <TextInput
          key={name}
          label={label}
          description={description}
          value={value}
          onChange={(event) => setAnswers({ ...answers, [name]: event.currentTarget.value })}
        />
      ))}
      <Autocomplete
        label="Folder"
        placeholder="General"
        data={folders.filter((name) => name !== '')}
        value={folder}
        onChange={setFolder}
      />
      <Checkbox
        label="Replace a dashboard with the same uid"
        checked={overwrite}
        onChange={(event) => setOverwrite(event.currentTarget.checked)}
      />
      {save.error !== null && <ErrorNotice error={save.error} />}
      <div className={styles.formEnd}>
        <Button onClick={onClose}>Cancel</Button>
        <Button variant="filled" loading={save.isPending} onClick={() => save.mutate()}>
          Import
        </Button>
      </div>
    </>
  );
}

function useImport(request: DashboardImport) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => importDashboard(request),
    onSuccess: ({ uid }) => {
      toast('ok', 'The dashboard is here.');
      void client.invalidateQueries({ queryKey: ['dashboards'] });
      navigate(href(`/dashboards/${encodeURIComponent(uid)}`));
    },
  });
}

function previewOrProblem(source: string): {
  preview: ImportPreview | null;
  problem: string | null;
} {
  if (source.trim() === '') return { preview: null, problem: null };
  try {
    return { preview: previewImport(source), problem: null };
  } catch (error) {
    return { preview: null, problem: error instanceof Error ? error.message : String(error) };
  }
}

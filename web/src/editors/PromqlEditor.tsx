// The PromQL editor: syntax, linting and completion from the server's own metrics and labels.
import { PromQLExtension } from '@prometheus-io/codemirror-promql';
import { useMemo } from 'react';
import CodeEditor, { type CodeEditorProps } from './CodeEditor';

type PromqlEditorProps = Omit<CodeEditorProps, 'language' | 'label'>;

export default function PromqlEditor(props: PromqlEditorProps) {
  const language = useMemo(
    () =>
      new PromQLExtension()
        .setComplete({
          remote: { url: '/prometheus', httpMethod: 'GET', cache: { maxAge: 60_000 } },
        })
        .asExtension(),
    [],
  );
  return <CodeEditor {...props} language={language} label="PromQL query" />;
}

// The query bar of logs.
import { useMemo } from 'react';
import type { Language } from '@/api/logs';
import CodeEditor, { type CodeEditorProps } from './CodeEditor';
import { logLanguage, type LogVocabulary } from './log-language';

interface LogQueryEditorProps extends Omit<CodeEditorProps, 'language' | 'label'> {
  queryLanguage: Language;
  /** Stable: a new one makes the language anew. */
  vocabulary: LogVocabulary;
}

export default function LogQueryEditor({
  queryLanguage,
  vocabulary,
  ...rest
}: LogQueryEditorProps) {
  const language = useMemo(
    () => logLanguage(queryLanguage, vocabulary),
    [queryLanguage, vocabulary],
  );
  return <CodeEditor {...rest} language={language} label="Log query" />;
}

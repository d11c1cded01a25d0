// KQL and Lucene in the editor: colours, and completion of fields and values from the stored logs.
import {
  type Completion,
  type CompletionContext,
  type CompletionResult,
  startCompletion,
} from '@codemirror/autocomplete';
import { LanguageSupport, StreamLanguage, type StringStream } from '@codemirror/language';
import type { EditorView } from '@codemirror/view';
import type { Language } from '@/api/logs';

/** Where completions come from. */
export interface LogVocabulary {
  fields: () => Promise<{ name: string; kind: string }[]>;
  values: (field: string) => Promise<{ value: string; count: number }[]>;
}

const WORDS: Readonly<Record<Language, readonly string[]>> = {
  kql: ['and', 'or', 'not'],
  lucene: ['AND', 'OR', 'NOT', 'TO'],
};

function token(stream: StringStream, language: Language): string | null {
  if (stream.eatSpace()) return null;
  if (stream.match(/"(?:[^"\\]|\\.)*"?/)) return 'string';
  if (language === 'lucene' && stream.match(/\/(?:[^/\\]|\\.)*\/?/)) return 'regexp';
  if (stream.match(/[()[\]{}]/)) return 'paren';
  if (stream.match(/>=|<=|[:<>~^]/)) return 'operator';
  const word = /^(?:\\.|[^\s()[\]{}":<>~^])+/;
  const match = stream.match(word, true);
  if (match === null || typeof match === 'boolean') {
    stream.next();
    return null;
  }
  const text = match[0];
  if (WORDS[language].includes(language === 'kql' ? text.toLowerCase() : text)) return 'keyword';
  if (stream.match(/^\s*(:|>=|<=|>|<)/, false)) return 'propertyName';
  if (/^-?\d+(\.\d+)?$/.test(text)) return 'number';
  return null;
}

/** What is being written at the end of `before`: a field's name, or a value of a field. */
export function completionAt(before: string): {
  kind: 'field' | 'value';
  field: string;
  text: string;
} {
  const value = /([^\s()":<>]+)\s*:\s*(?:"([^"]*)|([^\s()":]*))$/.exec(before);
  if (value !== null)
    return { kind: 'value', field: value[1] ?? '', text: value[2] ?? value[3] ?? '' };
  return { kind: 'field', field: '', text: /[^\s()":<>]*$/.exec(before)?.[0] ?? '' };
}

/** A value as the language writes it. */
export function quoteValue(value: string): string {
  return /^[\w.@/-]+$/.test(value) ? value : `"${value.replace(/[\\"]/g, '\\$&')}"`;
}

async function complete(
  context: CompletionContext,
  language: Language,
  vocabulary: LogVocabulary,
): Promise<CompletionResult | null> {
  const before = context.state.sliceDoc(0, context.pos);
  const { kind, field, text } = completionAt(before);
  if (kind === 'value') {
    const quoted = /"[^"]*$/.test(before.slice(before.lastIndexOf(':')));
    const values = await vocabulary.values(field);
    return {
      from: context.pos - text.length - (quoted ? 1 : 0),
      options: values.map(({ value, count }, index) => ({
        label: quoteValue(value),
        detail: String(count),
        boost: -index,
      })),
      validFor: /^"?[^"\s()]*$/,
    };
  }
  if (text === '' && !context.explicit) return null;
  const fields = await vocabulary.fields();
  const options: Completion[] = [
    ...fields.map(({ name, kind: fieldKind }) => ({
      label: name,
      detail: fieldKind,
      apply: applyField,
    })),
    ...WORDS[language].map((word) => ({ label: word, detail: 'word', boost: -50 })),
  ];
  return { from: context.pos - text.length, options, validFor: /^[^\s()":<>]*$/ };
}

/** A chosen field goes on to its values. */
function applyField(view: EditorView, completion: Completion, from: number, to: number): void {
  const insert = `${completion.label}:`;
  view.dispatch({ changes: { from, to, insert }, selection: { anchor: from + insert.length } });
  startCompletion(view);
}

export function logLanguage(language: Language, vocabulary: LogVocabulary): LanguageSupport {
  const stream = StreamLanguage.define({
    name: language,
    token: (input) => token(input, language),
    tokenTable: {},
  });
  const autocomplete = (context: CompletionContext) => complete(context, language, vocabulary);
  return new LanguageSupport(stream, [stream.data.of({ autocomplete })]);
}

// A query editor: CodeMirror in our colours, Enter to run, mistakes underlined where they are.
import {
  acceptCompletion,
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
  completionStatus,
  moveCompletionSelection,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, insertNewline } from '@codemirror/commands';
import { bracketMatching, HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { setDiagnostics } from '@codemirror/lint';
import { Compartment, EditorState, type Extension, Prec } from '@codemirror/state';
import { EditorView, keymap, placeholder as placeholderText } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { useEffect, useLayoutEffect, useRef } from 'react';
import type { Position } from '@/api/http';
import './code-editor.css';

export interface CodeEditorProps {
  value: string;
  onChange: (text: string) => void;
  onSubmit: (text: string) => void;
  /** The language with its completion; a new array is swapped in without losing the text. */
  language: Extension;
  label: string;
  placeholder?: string;
  problem?: { position: Position; message: string } | null;
  autoFocus?: boolean;
}

const highlighting = HighlightStyle.define([
  { tag: [tags.propertyName, tags.labelName, tags.variableName], color: 'var(--syntax-field)' },
  { tag: [tags.string, tags.regexp], color: 'var(--syntax-string)' },
  { tag: [tags.number, tags.bool, tags.literal], color: 'var(--syntax-number)' },
  { tag: [tags.keyword, tags.operatorKeyword, tags.modifier], color: 'var(--syntax-keyword)' },
  { tag: [tags.function(tags.variableName)], color: 'var(--syntax-keyword)' },
  { tag: [tags.operator, tags.paren, tags.brace, tags.squareBracket], color: 'var(--muted)' },
  { tag: tags.comment, color: 'var(--faint)', fontStyle: 'italic' },
]);

/** Tab takes the marked completion, or the first when none is marked yet. */
function takeCompletion(view: EditorView): boolean {
  if (completionStatus(view.state) !== 'active') return false;
  return acceptCompletion(view) || (moveCompletionSelection(true)(view) && acceptCompletion(view));
}

interface Handlers {
  onChange: (text: string) => void;
  onSubmit: (text: string) => void;
}

function setup(
  handlers: { current: Handlers },
  props: CodeEditorProps,
  language: Compartment,
): Extension {
  const submit = (view: EditorView) => {
    handlers.current.onSubmit(view.state.doc.toString());
    return true;
  };
  return [
    history(),
    bracketMatching(),
    closeBrackets(),
    // Nothing is marked when the list opens, so that Enter runs what is written.
    autocompletion({ selectOnOpen: false, icons: false, interactionDelay: 0 }),
    syntaxHighlighting(highlighting),
    EditorView.lineWrapping,
    EditorView.contentAttributes.of({ 'aria-label': props.label, spellcheck: 'false' }),
    placeholderText(props.placeholder ?? ''),
    keymap.of([{ key: 'Tab', run: takeCompletion }, ...completionKeymap]),
    Prec.high(
      keymap.of([
        { key: 'Enter', run: submit },
        { key: 'Mod-Enter', run: submit },
        { key: 'Shift-Enter', run: insertNewline },
      ]),
    ),
    keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap]),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) handlers.current.onChange(update.state.doc.toString());
    }),
    language.of(props.language),
  ];
}

export default function CodeEditor(props: CodeEditorProps) {
  const { value, language, problem } = props;
  const box = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const handlers = useRef<Handlers>(props);
  const first = useRef(props);
  const languageSlot = useRef(new Compartment());

  useLayoutEffect(() => {
    handlers.current = props;
  });

  useLayoutEffect(() => {
    const extensions = setup(handlers, first.current, languageSlot.current);
    const state = EditorState.create({ doc: first.current.value, extensions });
    const made = new EditorView({ state, ...(box.current && { parent: box.current }) });
    view.current = made;
    if (first.current.autoFocus === true) made.focus();
    return () => made.destroy();
  }, []);

  useEffect(() => {
    view.current?.dispatch({ effects: languageSlot.current.reconfigure(language) });
  }, [language]);

  useEffect(() => {
    const made = view.current;
    const before = made?.state.doc.toString();
    if (made === null || before === value) return;
    made.dispatch({ changes: { from: 0, to: before?.length ?? 0, insert: value } });
  }, [value]);

  useEffect(() => {
    const made = view.current;
    if (made === null) return;
    made.dispatch(
      setDiagnostics(
        made.state,
        problem == null ? [] : [diagnostic(problem, made.state.doc.length)],
      ),
    );
  }, [problem, value]);

  return <div ref={box} className="code-editor" />;
}

/** The mark must lie within the text and cover at least one character, or nobody sees it. */
function diagnostic(
  { position, message }: { position: Position; message: string },
  length: number,
) {
  const to = Math.min(Math.max(position.end, position.start + 1), length);
  const from = Math.max(0, Math.min(position.start, to - 1));
  return { from, to, severity: 'error' as const, message };
}

import {
  acceptCompletion,
  autocompletion,
  type CompletionContext,
  type CompletionResult,
  completionKeymap,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { bracketMatching } from '@codemirror/language';
import { lintGutter, lintKeymap } from '@codemirror/lint';
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search';
import { EditorState, type Extension, Prec } from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import { offersAt } from './config-completion';
import { configTheme } from './config-editor-theme';
import { configLanguage } from './config-language';
import { type ConfigKind, type ConfigNames } from './config-vocabulary';

/** How an editor is set up. */
export interface EditorSetup {
  /** What a screen reader calls it. */
  readonly label: string;
  readonly isReadOnly: boolean;
  /** Id of the element that says how the editor is left. */
  readonly describedBy: string;
  readonly kind: () => ConfigKind;
  readonly names: () => ConfigNames;
  /** Something was typed. */
  readonly changed: (text: string) => void;
}

/** Invisible characters and those that turn the direction of writing, beyond what CodeMirror shows by itself. */
const HIDDEN_CHARACTERS = /[\u200b-\u200f\u202a-\u202e\u2060-\u2069]/g;

const KINDS = { section: 'class', option: 'property', value: 'constant', reference: 'variable', tag: 'type' } as const;

function completionsOf(setup: EditorSetup) {
  return (context: CompletionContext): CompletionResult | null => {
    const line = context.state.doc.lineAt(context.pos);
    const before = line.text.slice(0, context.pos - line.from);
    const place = { text: context.state.doc.toString(), line: line.number, before };
    const offer = offersAt(place, setup.kind(), setup.names());
    if (!offer || offer.texts.length === 0) return null;
    // A bracket that the person closed already, or that was closed for them, is not doubled.
    const after = line.text.slice(context.pos);
    return {
      from: line.from + offer.from,
      options: offer.texts.map((text) => {
        const end = offer.kind === 'reference' ? ')s' : offer.kind === 'section' ? ']' : '>';
        const isClosed = offer.kind !== 'option' && offer.kind !== 'value' && after.startsWith(end);
        return { label: text.trim(), apply: isClosed ? text.slice(0, -end.length) : text, type: KINDS[offer.kind] };
      }),
      validFor: /^[%([<\w./?=-]*$/,
    };
  };
}

/** Until something is typed or the editor is left, Tab goes on to what follows. */
const escapeThenTab: Extension = [
  Prec.lowest(
    keymap.of([
      {
        key: 'Escape',
        run(view) {
          view.setTabFocusMode(true);
          return true;
        },
      },
    ]),
  ),
  EditorView.domEventHandlers({
    blur(_event, view) {
      view.setTabFocusMode(false);
    },
  }),
  EditorView.updateListener.of((update) => {
    if (update.docChanged) update.view.setTabFocusMode(false);
  }),
];

/** Words of the editor's own panels, which are English in CodeMirror. */
function phrases(): Record<string, string> {
  return {
    Find: $localize`Find`,
    Replace: $localize`Replace`,
    next: $localize`Next`,
    previous: $localize`Previous`,
    all: $localize`All`,
    'match case': $localize`Match case`,
    regexp: $localize`Regular expression`,
    'by word': $localize`Whole words`,
    replace: $localize`Replace`,
    'replace all': $localize`Replace all`,
    close: $localize`Close`,
    'current match': $localize`Current match`,
    'on line': $localize`on line`,
    'replaced match on line $': $localize`Replaced on line $`,
    'replaced $ matches': $localize`Replaced $ times`,
    'Go to line': $localize`Go to line`,
    go: $localize`Go`,
    Diagnostics: $localize`Problems`,
    'No diagnostics': $localize`No problem`,
    Completions: $localize`Suggestions`,
    'Control character': $localize`Control character`,
    'Selection deleted': $localize`Selection deleted`,
  };
}

const writing: Extension = [
  history(),
  highlightActiveLine(),
  highlightActiveLineGutter(),
  drawSelection(),
  bracketMatching(),
  lintGutter(),
  escapeThenTab,
  keymap.of([{ key: 'Tab', run: acceptCompletion }, ...completionKeymap, ...historyKeymap, ...lintKeymap]),
  keymap.of([indentWithTab]),
];

const reading: Extension = [
  EditorState.readOnly.of(true),
  // No keyboard on a touch screen; the arrow keys scroll.
  EditorView.editable.of(false),
];

/** Everything an editor of a configuration file can do. */
export function editorExtensions(setup: EditorSetup): Extension {
  const attributes: Record<string, string> = {
    'aria-label': setup.label,
    spellcheck: 'false',
    autocorrect: 'off',
    autocapitalize: 'off',
    translate: 'no',
    tabindex: '0',
    ...(!setup.isReadOnly && { 'aria-describedby': setup.describedBy }),
  };
  return [
    lineNumbers(),
    highlightSpecialChars({ addSpecialChars: HIDDEN_CHARACTERS }),
    highlightSelectionMatches(),
    search({ top: true }),
    keymap.of([...searchKeymap, ...defaultKeymap]),
    configLanguage,
    configTheme,
    EditorView.lineWrapping,
    EditorState.phrases.of(phrases()),
    EditorView.contentAttributes.of(attributes),
    setup.isReadOnly ? reading : [writing, autocompletion({ override: [completionsOf(setup)], icons: false })],
    EditorView.updateListener.of((update) => {
      if (update.docChanged) setup.changed(update.state.doc.toString());
    }),
  ];
}

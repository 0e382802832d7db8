import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { type Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

const colours = HighlightStyle.define([
  { tag: tags.comment, color: 'var(--text-muted)', fontStyle: 'italic' },
  { tag: tags.heading, color: 'var(--accent)', fontWeight: '600' },
  { tag: tags.propertyName, color: 'var(--text-strong)', fontWeight: '600' },
  { tag: tags.operator, color: 'var(--text-muted)' },
  { tag: tags.macroName, color: 'var(--watch-fg)' },
  { tag: tags.tagName, color: 'var(--info-fg)' },
  { tag: tags.invalid, color: 'var(--danger-fg)', textDecoration: 'underline wavy' },
]);

const control = { border: '1px solid var(--border-strong)', borderRadius: 'var(--r-2)', backgroundImage: 'none' };

const theme = EditorView.theme({
  '&': { color: 'var(--text-normal)', backgroundColor: 'var(--surface-1)', fontSize: 'var(--fs-13)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--font-mono)', fontVariantLigatures: 'none', lineHeight: '1.6' },
  '.cm-content': { caretColor: 'var(--text-strong)', padding: '6px 0' },
  '&.cm-focused .cm-cursor': { borderLeftColor: 'var(--text-strong)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    background: 'var(--surface-3)',
  },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'var(--surface-2)' },
  '.cm-gutters': {
    backgroundColor: 'var(--surface-1)',
    color: 'var(--text-muted)',
    borderRight: '1px solid var(--border-subtle)',
  },
  '.cm-matchingBracket, &.cm-focused .cm-matchingBracket': {
    backgroundColor: 'var(--accent-bg)',
    outline: '1px solid var(--accent-border)',
  },
  '.cm-searchMatch': { backgroundColor: 'var(--watch-bg)', outline: '1px solid var(--watch-border)' },
  '.cm-searchMatch-selected': { backgroundColor: 'var(--accent-bg)' },
  '.cm-selectionMatch': { backgroundColor: 'var(--accent-bg)' },
  '.cm-specialChar': { color: 'var(--danger-fg)' },
  '.cm-panels': { backgroundColor: 'var(--surface-2)', color: 'var(--text-normal)' },
  '.cm-panels.cm-panels-top': { borderBottom: '1px solid var(--border)' },
  '.cm-panels.cm-panels-bottom': { borderTop: '1px solid var(--border)' },
  '.cm-panel.cm-search': { fontFamily: 'var(--font-ui)', padding: '6px 28px 6px 8px' },
  '.cm-panel.cm-search label': { fontSize: 'var(--fs-12)' },
  '.cm-panel.cm-search [name=close]': { color: 'var(--text-normal)', fontSize: 'var(--fs-16)', padding: '0 6px' },
  '.cm-textfield': {
    ...control,
    backgroundColor: 'var(--surface-1)',
    color: 'var(--text-strong)',
    fontSize: 'var(--fs-13)',
    height: 'var(--h-control-sm)',
  },
  '.cm-button': {
    ...control,
    backgroundColor: 'var(--surface-1)',
    color: 'var(--text-strong)',
    fontSize: 'var(--fs-12)',
    height: 'var(--h-control-sm)',
  },
  '.cm-button:active': { backgroundImage: 'none', backgroundColor: 'var(--surface-3)' },
  '.cm-textfield:focus-visible, .cm-button:focus-visible': { boxShadow: 'var(--focus-ring)', outline: 'none' },
  '.cm-tooltip': {
    backgroundColor: 'var(--surface-4)',
    color: 'var(--text-normal)',
    border: '1px solid var(--border)',
    borderRadius: 'var(--r-2)',
    boxShadow: 'var(--shadow-2)',
    overflow: 'hidden',
    maxWidth: 'min(60ch, 92vw)',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--font-mono)', fontSize: 'var(--fs-13)' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '3px 8px' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    backgroundColor: 'var(--accent-bg)',
    color: 'var(--text-strong)',
  },
  '.cm-completionMatchedText': { textDecoration: 'none', fontWeight: '600', color: 'var(--accent)' },
  '.cm-diagnostic': { fontSize: 'var(--fs-13)', whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' },
  '.cm-diagnostic-error': { borderLeftColor: 'var(--danger-fg)' },
});

/** Colours and sizes from the theme's tokens, which change in place between light and dark. */
export const configTheme: Extension = [theme, syntaxHighlighting(colours)];

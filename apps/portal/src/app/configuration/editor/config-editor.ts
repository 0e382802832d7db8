import { type Diagnostic, setDiagnostics } from '@codemirror/lint';
import { type Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import {
  afterRenderEffect,
  Component,
  DestroyRef,
  type ElementRef,
  inject,
  input,
  model,
  untracked,
  viewChild,
} from '@angular/core';
import { editorExtensions } from './config-editor-setup';
import { type Mark } from './config-marks';
import { type ConfigKind, type ConfigNames } from './config-vocabulary';

let lastId = 0;

/** Shows and edits one file of fail2ban's configuration. Only pages that are fetched when opened may use it: it is large. */
@Component({
  selector: 'bangui-config-editor',
  template: `
    <div #host class="host" [class.reading]="readOnly()"></div>
    @if (!readOnly()) {
      <p class="muted small" [id]="hintId" i18n>
        Tab indents. Press <kbd>Esc</kbd>, then <kbd>Tab</kbd>, to leave the editor. <kbd>Ctrl</kbd>
        <kbd>Space</kbd> suggests, <kbd>F8</kbd> goes to the next problem.
      </p>
    }
  `,
  styleUrl: './config-editor.css',
})
export class ConfigEditor {
  /** The whole file; what is typed is written back into it. */
  readonly text = model.required<string>();
  /** What a screen reader calls it: `Text of filter.d/sshd.local`. Read once. */
  readonly label = input.required<string>();
  /** Read once. */
  readonly readOnly = input(false);
  readonly kind = input.required<ConfigKind>();
  /** Names to suggest. */
  readonly names = input<ConfigNames>({ filters: [], actions: [] });
  /** Problems at their lines. */
  readonly marks = input<readonly Mark[]>([]);

  protected readonly hintId = `config-editor-hint-${String(++lastId)}`;
  private readonly host = viewChild.required<ElementRef<HTMLElement>>('host');
  private view: EditorView | undefined;

  constructor() {
    afterRenderEffect(() => this.show(this.text()));
    afterRenderEffect(() => this.mark(this.marks()));
    inject(DestroyRef).onDestroy(() => this.view?.destroy());
  }

  /** Puts the cursor into the text. */
  focus(): void {
    this.view?.focus();
  }

  /** Goes to a line, counted from 1, as far as there is one. */
  goTo(line: number): void {
    const view = this.view;
    if (!view) return;
    const { from } = view.state.doc.line(Math.min(Math.max(1, line), view.state.doc.lines));
    view.dispatch({ selection: { anchor: from }, effects: EditorView.scrollIntoView(from, { y: 'center' }) });
    view.focus();
  }

  private show(text: string): void {
    const { view } = this;
    if (!view) {
      this.view = new EditorView({ parent: this.host().nativeElement, doc: text, extensions: this.extensions() });
      return;
    }
    // What was typed came from here.
    if (view.state.doc.toString() === text) return;
    view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
  }

  private mark(marks: readonly Mark[]): void {
    const { view } = this;
    if (!view) return;
    const { doc } = view.state;
    const diagnostics = marks
      .filter(({ line }) => line >= 1 && line <= doc.lines)
      .map(({ line, message }): Diagnostic => {
        const { from, to } = doc.line(line);
        return { from, to, severity: 'error', message };
      });
    view.dispatch(setDiagnostics(view.state, diagnostics));
  }

  private extensions(): Extension {
    return editorExtensions({
      label: untracked(this.label),
      isReadOnly: untracked(this.readOnly),
      describedBy: this.hintId,
      kind: this.kind,
      names: this.names,
      changed: (text) => this.text.set(text),
    });
  }
}

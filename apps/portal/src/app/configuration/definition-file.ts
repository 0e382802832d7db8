import {
  afterNextRender,
  Component,
  computed,
  inject,
  Injector,
  input,
  linkedSignal,
  signal,
  viewChild,
} from '@angular/core';
import { type ConfigurationFileText } from '../api/generated/models';
import { HostileText } from '../ui/hostile-text';
import { Icon } from '../ui/icon';
import { ConfigEditor } from './editor/config-editor';
import { type ConfigKind } from './editor/config-vocabulary';
import { FileAdoption } from './file-adoption';
import { LayerBadge } from './layer-badge';

/** A file of a filter or an action, whose text is shown when it is opened. */
@Component({
  selector: 'bangui-definition-file',
  imports: [ConfigEditor, HostileText, Icon, LayerBadge],
  template: `
    <div class="line">
      <button
        type="button"
        class="lnk mono name"
        [attr.aria-expanded]="isOpen()"
        [disabled]="file().text === null"
        (click)="isOpen.set(!isOpen())"
      >
        <bangui-icon name="chevron" [class.down]="isOpen()" /><bangui-hostile-text [text]="file().path" />
      </button>
      <bangui-layer-badge [layer]="file().owner === 'ours' ? 'ours' : file().layer" />
      @if (file().isAdoptable) {
        <button type="button" class="btn s r" [disabled]="isBusy()" (click)="handOver()" i18n>
          Hand over to BanGUI…
        </button>
      }
    </div>
    @for (problem of file().problems; track $index) {
      <p class="danger fg small">
        @if (problem.line !== null) {
          <button type="button" class="lnk mono" (click)="openAt(problem.line)">{{ problem.line }}:</button>
        }
        <bangui-hostile-text [text]="problem.message" />
      </p>
    }
    @if (file().text === null) {
      <p class="muted small" i18n>The file cannot be read as text.</p>
    } @else if (isOpen()) {
      <bangui-config-editor [text]="file().text ?? ''" [label]="label()" [kind]="kind()" [readOnly]="true" />
    }
  `,
  styles: `
    :host {
      display: grid;
      gap: 6px;
      padding: 6px 14px;
      border-top: 1px solid var(--border-subtle);
    }
    .line {
      display: flex;
      flex-wrap: wrap;
      gap: 4px 10px;
      align-items: center;
      min-height: var(--h-control-sm);
    }
    .r {
      margin-left: auto;
    }
    .name {
      display: inline-flex;
      gap: 4px;
      align-items: center;
      min-height: 24px;
      text-align: left;
    }
    .name:disabled {
      color: var(--text-muted);
      cursor: not-allowed;
    }
    .down {
      transform: rotate(90deg);
    }
  `,
})
export class DefinitionFile {
  private readonly adoption = inject(FileAdoption);
  private readonly injector = inject(Injector);

  readonly file = input.required<ConfigurationFileText>();
  readonly kind = input.required<ConfigKind>();
  /** Whether its text is shown without being asked for. */
  readonly isOpenAtFirst = input(false);

  protected readonly isOpen = linkedSignal(() => this.isOpenAtFirst());
  private readonly editor = viewChild(ConfigEditor);
  protected readonly label = computed(() => $localize`Text of ${this.file().path}:path:`);
  protected readonly isBusy = signal(false);

  /** Shows the text at a line, counted from 1. */
  openAt(line: number): void {
    this.isOpen.set(true);
    afterNextRender(() => this.editor()?.goTo(line), { injector: this.injector });
  }

  protected async handOver(): Promise<void> {
    this.isBusy.set(true);
    await this.adoption.adopt(this.file().path);
    this.isBusy.set(false);
  }
}

import { Component, computed, inject, input, signal } from '@angular/core';
import { ConfigurationState } from '../api/configuration-state';
import { HostileText } from '../ui/hostile-text';
import { Icon } from '../ui/icon';
import { FileAdoption } from './file-adoption';
import { LayerBadge } from './layer-badge';

/** Files of the configuration with whose they are; a person's own can be handed over. */
@Component({
  selector: 'bangui-file-list',
  imports: [HostileText, Icon, LayerBadge],
  template: `
    <ul>
      @for (file of files(); track file.path) {
        <li>
          <bangui-icon name="log" />
          <bangui-hostile-text class="mono grow" [text]="file.path" />
          @if (file.owner === 'ours' && file.layer !== 'ours') {
            <span class="chip" i18n>handed over to BanGUI</span>
          } @else {
            <bangui-layer-badge [layer]="file.layer" />
          }
          @if (file.isAdoptable) {
            <button type="button" class="btn s" [disabled]="busy() !== null" (click)="adopt(file.path)" i18n>
              Hand over to BanGUI…
            </button>
          }
        </li>
      }
    </ul>
  `,
  styles: `
    li {
      display: flex;
      flex-wrap: wrap;
      gap: 4px 10px;
      align-items: center;
      min-height: var(--h-row);
      padding: 4px 14px;
      border-top: 1px solid var(--border-subtle);
      font-size: var(--fs-13);
    }
    li > bangui-icon {
      color: var(--text-muted);
    }
  `,
})
export class FileList {
  private readonly adoption = inject(FileAdoption);
  private readonly state = inject(ConfigurationState);

  /** Within the configuration folder. */
  readonly paths = input.required<ReadonlySet<string>>();
  protected readonly files = computed(() => this.state.files().filter(({ path }) => this.paths().has(path)));
  protected readonly busy = signal<string | null>(null);

  protected async adopt(path: string): Promise<void> {
    this.busy.set(path);
    await this.adoption.adopt(path);
    this.busy.set(null);
  }
}

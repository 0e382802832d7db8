import { type FSWatcher, watch } from 'node:fs';

/**
 * Tells when a file changes. Where the system cannot tell (no inotify, another file at the path), it stays silent; whoever
 * uses it looks by itself from time to time, too.
 */
export class FileWatch {
  private watcher: FSWatcher | undefined;
  private path: string | null = null;

  constructor(private readonly onChange: () => void) {}

  /** Watches another path, or (null) none. The same one again is watched anew only after it was moved away. */
  follow(path: string | null): void {
    if (path === this.path && (this.watcher || path === null)) return;
    this.close();
    this.path = path;
    if (path === null) return;
    try {
      this.watcher = watch(path, { persistent: false }, (event) => {
        // Renamed or removed: the watcher stays with the old file.
        if (event === 'rename') this.stop();
        this.onChange();
      });
      this.watcher.on('error', () => this.stop());
    } catch {
      // Not there, or not permitted: the next look tries again.
      this.stop();
    }
  }

  /** Ends it. */
  close(): void {
    this.stop();
    this.path = null;
  }

  private stop(): void {
    this.watcher?.close();
    this.watcher = undefined;
  }
}

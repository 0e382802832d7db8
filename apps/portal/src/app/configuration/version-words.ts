import { type ConfigurationVersion } from '../api/generated/models';

/** What kind of change made a version. */
export function versionKindWords({ kind, restored }: Pick<ConfigurationVersion, 'kind' | 'restored'>): string {
  switch (kind) {
    case 'change':
      return $localize`Change`;
    case 'restore':
      return restored === 0
        ? $localize`Back to before the first version`
        : $localize`Back to version ${String(restored)}:number:`;
    case 'adopt':
      return $localize`Handed over`;
  }
}

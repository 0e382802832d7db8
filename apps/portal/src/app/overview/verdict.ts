import { type JailSummary, type ServerStatus } from '../api/generated/models';
import { type ResourceView } from '../api/resource-view';
import { needsAttention } from '../api/jails-state';
import { formatNumber } from '../ui/format';
import { type IconName } from '../ui/icons';

/** Is the server protected? The first thing on the first page. */
export interface Verdict {
  readonly meaning: 'ok' | 'watch' | 'danger' | '';
  readonly icon: IconName;
  readonly text: string;
}

/** Says it in one line, from the server's state and the jails; undefined jails are not known yet. */
export function verdictOf(server: ResourceView<ServerStatus>, jails: readonly JailSummary[] | undefined): Verdict {
  if (server.kind === 'ready' && !server.value.online) {
    return { meaning: 'danger', icon: 'danger', text: $localize`Not protected, fail2ban is offline` };
  }
  if (server.kind === 'failed') return { meaning: 'watch', icon: 'warning', text: $localize`Not known` };
  if (server.kind === 'loading' || jails === undefined) return { meaning: '', icon: 'info', text: $localize`Looking…` };
  if (jails.length === 0) return { meaning: 'watch', icon: 'warning', text: $localize`Not protected, no jail` };
  const open = jails.filter(needsAttention);
  const [first] = open;
  const all = formatNumber(jails.length);
  if (open.length === jails.length) {
    return { meaning: 'danger', icon: 'danger', text: $localize`Not protected, none of ${all}:all: jails armed` };
  }
  if (open.length === 1 && first) {
    return { meaning: 'watch', icon: 'warning', text: $localize`Protected, 1 jail of ${all}:all: not armed` };
  }
  if (open.length > 1) {
    const count = formatNumber(open.length);
    return {
      meaning: 'watch',
      icon: 'warning',
      text: $localize`Protected, ${count}:count: jails of ${all}:all: not armed`,
    };
  }
  const unknown = jails.filter((jail) => jail.armed.status === 'unknown').length;
  if (unknown > 0) {
    const count = formatNumber(unknown);
    return {
      meaning: 'watch',
      icon: 'info',
      text: $localize`Running, ${count}:count: of ${all}:all: jails not proven`,
    };
  }
  return jails.length === 1
    ? { meaning: 'ok', icon: 'confirmed', text: $localize`Protected, 1 jail armed` }
    : { meaning: 'ok', icon: 'confirmed', text: $localize`Protected, all ${all}:all: jails armed` };
}

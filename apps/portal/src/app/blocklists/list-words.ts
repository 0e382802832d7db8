import { type Blocklist, type ImportFunnel, type ImportRun, type LeftOut } from '../api/generated/models';
import { formatBytes, formatNumber } from '../ui/format';

/** The looks of something. */
export type Meaning = 'ok' | 'watch' | 'danger' | 'info' | '';

/** How a list is, in words. */
export function stateWords(state: Blocklist['state']): string {
  switch (state) {
    case 'ready':
      return $localize`not imported yet`;
    case 'ok':
      return $localize`healthy`;
    case 'unchanged':
      return $localize`healthy, no news`;
    case 'stale':
      return $localize`stale: unchanged for longer than its publisher says`;
    case 'failing':
      return $localize`the last import failed`;
    case 'suspicious':
      return $localize`held back: it looks broken`;
    case 'disabled':
      return $localize`off`;
    case 'needs-attention':
      return $localize`its settings or its plugin do not fit any more`;
  }
}

/** The looks of a state. */
export function stateMeaning(state: Blocklist['state']): Meaning | 'off' {
  const meanings = {
    ready: 'info',
    ok: 'ok',
    unchanged: 'ok',
    stale: 'watch',
    failing: 'danger',
    suspicious: 'danger',
    disabled: 'off',
    'needs-attention': 'danger',
  } as const;
  return meanings[state];
}

/** How an import ended, or that it goes on. */
export function importWords(outcome: ImportRun['outcome']): string {
  switch (outcome) {
    case 'queued':
      return $localize`waits`;
    case 'running':
      return $localize`running`;
    case 'ok':
      return $localize`imported`;
    case 'unchanged':
      return $localize`nothing new`;
    case 'suspicious':
      return $localize`held back`;
    case 'failed':
      return $localize`failed`;
    case 'interrupted':
      return $localize`interrupted`;
  }
}

/** The looks of an outcome. */
export function importMeaning(outcome: ImportRun['outcome']): Meaning {
  const meanings = {
    queued: 'info',
    running: 'info',
    ok: 'ok',
    unchanged: '',
    suspicious: 'danger',
    failed: 'danger',
    interrupted: 'watch',
  } as const;
  return meanings[outcome];
}

/** One step of an import. */
export interface FunnelStep {
  readonly id: string;
  readonly title: string;
  readonly value: string;
  readonly note: string;
}

/** What an import made of a list, from the download to what is left. `allowlisted` is known of a preview. */
export function funnelSteps(funnel: ImportFunnel, allowlisted: LeftOut | null): readonly FunnelStep[] {
  const special = funnel.special.reduce((sum, { ranges }) => sum + ranges, 0);
  const classes = funnel.special.map(({ class: name, ranges }) => `${name} ${formatNumber(ranges)}`).join(', ');
  const steps: FunnelStep[] = [
    step('downloaded', $localize`Downloaded`, formatBytes(funnel.downloadedBytes), unpacked(funnel)),
    step('entries', $localize`Read`, formatNumber(funnel.entries), $localize`entries, duplicates included`),
    step('invalid', $localize`Invalid`, minus(funnel.invalid), $localize`lines that are no address`),
    step('special', $localize`Private`, minus(special), classes || $localize`private, reserved and special`),
    step('own', $localize`Own`, minus(funnel.own.ranges), $localize`this server and its gateways`),
    step('broad', $localize`Too wide`, minus(funnel.tooBroad), $localize`networks nobody blocks by accident`),
    step('beyond', $localize`Too many`, minus(funnel.beyondLimit), $localize`beyond the most that a source may have`),
    step('left', $localize`Left`, formatNumber(funnel.ranges), change(funnel)),
  ];
  if (allowlisted) {
    const note = $localize`ranges that hold somebody who is spared`;
    steps.push(step('allowlisted', $localize`Allowlisted`, formatNumber(allowlisted.ranges), note));
  }
  return steps;
}

function step(id: string, title: string, value: string, note: string): FunnelStep {
  return { id, title, value, note };
}

function minus(count: number): string {
  return count === 0 ? '0' : `−${formatNumber(count)}`;
}

function unpacked({ unpackedBytes, unchangedFeeds }: ImportFunnel): string {
  const size = $localize`${formatBytes(unpackedBytes)}:size: unpacked`;
  return unchangedFeeds === 0 ? size : $localize`${size}:size:, ${formatNumber(unchangedFeeds)}:count: lists unchanged`;
}

function change({ addedRanges, removedRanges }: ImportFunnel): string {
  return $localize`ranges, +${formatNumber(addedRanges)}:added: −${formatNumber(removedRanges)}:removed:`;
}

import { formatNumber } from '../ui/format';
import { locale } from '../ui/locale';

/** How a figure compares with the period before. */
export interface Change {
  /** `▲ 31 %`, or empty when there is nothing to compare. */
  readonly amount: string;
  /** What it is compared with: `on the day before`. */
  readonly against: string;
  /** The figure of the period before, for the title. */
  readonly exact: string;
}

const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 });
/** Past this factor a percentage says less than the number it began from. */
const MOST_FACTOR = 10;

/** Compares; `before` names the period before, as `the day before`. */
export function changeOf(value: number, previous: number, before: string): Change {
  const exact = $localize`${formatNumber(previous)}:count: ${before}:before:`;
  if (value === previous) return { amount: '', against: $localize`as ${before}:before:`, exact };
  if (previous === 0) return { amount: '', against: $localize`none ${before}:before:`, exact };
  const arrow = value > previous ? '▲' : '▼';
  // Two sentences: other languages say in which direction.
  const against =
    value > previous ? $localize`:more than|:on ${before}:before:` : $localize`:less than|:on ${before}:before:`;
  if (value > previous * MOST_FACTOR) {
    return { amount: `${arrow} ${formatNumber(value - previous)}`, against, exact };
  }
  const share = Math.abs(value - previous) / previous;
  const said = share < 0.01 ? `< ${percent.format(0.01)}` : percent.format(share);
  return { amount: `${arrow} ${said}`, against, exact };
}

import { type Params } from '@angular/router';
import { type Ranking } from '../api/generated/models';
import { addressPath } from '../ui/address-link';
import { isCountry } from '../ui/country-name';
import { plainText } from '../ui/plain-text';
import { type RankingKind } from './dashboard-api';
import { changeOf } from './change';
import { type RankingRow } from './ranking-list';

/** How the API calls what is not known. */
const UNKNOWN = '?';

/** The rows of a ranking. `query` are the filters that a link into History keeps; `before` names the period before. */
export function rankingRows(kind: RankingKind, ranking: Ranking, query: Params, before: string): RankingRow[] {
  return ranking.items.map(({ key, label, bans, previous }) => {
    const { amount, against } = changeOf(bans, previous, before);
    const common = { key, bans, title: `${amount} ${against}`.trim(), query: { ...query, action: 'ban' } };
    switch (kind) {
      case 'country': {
        const code = isCountry(key) ? key : null;
        return {
          ...common,
          label: '',
          aside: '',
          country: code,
          isMono: false,
          link: code === null ? null : ['/history'],
          query: { ...common.query, country: key },
        };
      }
      case 'network': {
        const isKnown = key !== UNKNOWN;
        return {
          ...common,
          label: isKnown ? plainText(label ?? `AS${key}`) : $localize`Unknown`,
          aside: isKnown && label !== undefined ? `AS${key}` : '',
          isMono: false,
          link: isKnown ? ['/history'] : null,
          query: { ...common.query, asn: key },
        };
      }
      case 'offender':
        return { ...common, label: key, aside: '', isMono: true, link: addressPath(key), query: {} };
    }
  });
}

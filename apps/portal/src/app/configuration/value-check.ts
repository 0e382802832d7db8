import { isInside } from '../ui/network';
import { type FieldKind } from './jail-fields';

/** Units as fail2ban knows them (server/mytime.py), longest words first. */
const UNIT =
  '(?:seconds?|secs?|ss?|minutes?|mins?|mm?|hours?|hou|hh?|days?|da|dd?|weeks?|wee|ww?|months?|mon?|years?|yea?|yy?)';
const DURATION = new RegExp(
  `^[+-]?\\s*\\d{1,12}(?:\\.\\d{1,6})?\\s*${UNIT}?(?:\\s*\\d{1,12}(?:\\.\\d{1,6})?\\s*${UNIT})*$`,
  'i',
);
const NUMBER = /^[+-]?\d{1,12}$/;
const YES_NO = /^(?:1|0|true|false|yes|no|on|off)$/i;
/** Digits with dots, or anything with a colon: meant as an address and not as a host name. */
const MEANT_AS_ADDRESS = /^[\d.]+(?:\/.*)?$|^[\da-f]*:[\da-f:.]*(?:\/.*)?$/i;
/** Characters of a value that are looked at; whatever is longer the API checks. */
const LONGEST = 20_000;

/**
 * What looks wrong about a value, in words; null when nothing does. Only a hint while somebody types: what fail2ban takes
 * the check of the change finds out. Values that refer to others are not looked at.
 */
export function problemOfValue(kind: FieldKind, value: string): string | null {
  const text = value.trim();
  if (text === '' || text.length > LONGEST || text.includes('%(') || text.includes('<')) return null;
  switch (kind) {
    case 'duration':
      return DURATION.test(text) ? null : $localize`No duration: write seconds, or like 10m, 1h 30m.`;
    case 'number':
      return NUMBER.test(text) ? null : $localize`No whole number.`;
    case 'yes-no':
      return YES_NO.test(text) ? null : $localize`Neither true nor false.`;
    case 'addresses': {
      const wrong = text.split(/[\s,]+/).find((entry) => MEANT_AS_ADDRESS.test(entry) && !isInside(entry, entry));
      return wrong === undefined ? null : $localize`“${wrong}:entry:” is no address and no network.`;
    }
    case 'text':
    case 'lines':
    case 'backend':
      return null;
  }
}

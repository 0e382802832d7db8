import { type FieldProblem } from './problem';

/** What is said about a field, without its name. */
export type FieldWords = Pick<FieldProblem, 'code' | 'message' | 'limits'>;

/** What is wrong with a field, by the API's code; in the API's own words where the code is not known here. */
export function fieldText({ code, message, limits }: FieldWords): string {
  const [first, second] = limits;
  return guardText(code) ?? ruleText(code) ?? boundText(code, first, second) ?? message;
}

/** Why an address must not be banned. */
function guardText(code: string): string | undefined {
  switch (code) {
    case 'own-address':
      return $localize`you are connected from here`;
    case 'proxy':
      return $localize`you are connected through this proxy`;
    case 'loopback':
    case 'machine-address':
      return $localize`this is the server itself`;
    case 'gateway':
      return $localize`this is the server's gateway`;
    case 'unspecified':
      return $localize`this stands for no address at all`;
    case 'multicast':
      return $localize`no sender has such an address`;
    case 'too-broad':
      return $localize`this network is too wide`;
    case 'allowlisted':
      return $localize`this is on the allowlist`;
    case 'holds-allowlisted':
      return $localize`this network holds an address of the allowlist`;
    default:
      return undefined;
  }
}

function ruleText(code: string): string | undefined {
  switch (code) {
    case 'is-string':
      return $localize`must be a text`;
    case 'is-int':
      return $localize`must be a whole number`;
    case 'is-array':
      return $localize`must be a list`;
    case 'whitelist-validation':
      return $localize`is not known here`;
    case 'jail-name':
      return $localize`must be 1 to 64 letters, digits, dots, underscores or hyphens and not start with a hyphen`;
    case 'username':
      return $localize`must be 1 to 64 letters, digits, dots, underscores, at signs or hyphens`;
    case 'password-is-username':
      return $localize`must not be the user name`;
    case 'password-too-uniform':
      return $localize`must have at least four different characters`;
    case 'address-invalid':
      return $localize`is neither an address nor a network`;
    case 'duration-invalid':
      return $localize`must be a time such as 600, 10m or 1d 6h, at most 100 years`;
    case 'findtime-too-short':
      return $localize`must be at least one second`;
    case 'bantime-too-short':
      return $localize`must be at least one second, or -1 for ever`;
    case 'log-target-invalid':
      return $localize`must be SYSLOG, SYSTEMD-JOURNAL, STDOUT, STDERR, SYSOUT, or a file ending in .log in /var/log or beside the present log`;
    case 'purge-age-invalid':
      return $localize`must be a time of at least a minute, such as 1d or 86400`;
    case 'no-database':
      return $localize`is not there: fail2ban keeps no database`;
    case 'cursor-invalid':
      return $localize`is not of this list`;
    case 'jail-unknown':
      return $localize`is unknown`;
    case 'wrong':
      return $localize`is wrong`;
    case 'already-allowlisted':
      return $localize`is on the allowlist already`;
    case 'expires-in-past':
      return $localize`must be in the future`;
    case 'control-characters':
      return $localize`must not hold control characters`;
    case 'taken':
      return $localize`is taken`;
    default:
      return undefined;
  }
}

function boundText(code: string, first: number | undefined, second: number | undefined): string | undefined {
  if (first === undefined) return undefined;
  switch (code) {
    case 'min':
      return $localize`must be at least ${first}:limit:`;
    case 'max':
      return $localize`must be at most ${first}:limit:`;
    case 'max-length':
      return $localize`must have at most ${first}:limit: characters`;
    case 'is-length':
      return second === undefined ? undefined : $localize`must have ${first}:least: to ${second}:most: characters`;
    case 'array-min-size':
      return $localize`must have at least ${first}:limit: entries`;
    case 'array-max-size':
      return $localize`must have at most ${first}:limit: entries`;
    case 'too-many-addresses':
      return $localize`must not stand for more than ${first}:limit: addresses and networks`;
    default:
      return undefined;
  }
}

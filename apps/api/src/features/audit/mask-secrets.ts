/** Names whose values never reach the audit log. */
const secretName = /passw|secret|token|credential|cookie|authorization|api[_-]?key|private[_-]?key/i;

/** Stands where a secret was. */
const mask = '***';

/** Deepest level kept; what lies deeper is left out. */
const maxDepth = 8;

/** A copy without secrets: values under telling names are replaced, however deep. */
export function maskSecrets(value: unknown, depth = 0): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= maxDepth) return '…';
  if (Array.isArray(value)) return value.map((item) => maskSecrets(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      secretName.test(name) && member !== null ? mask : maskSecrets(member, depth + 1),
    ]),
  );
}

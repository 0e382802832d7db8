/**
 * The operations of every import and of every load on IPv4 ranges, written out for one word an address: about ten times as fast as
 * the ones for any width. All take sorted ranges that neither overlap nor touch, and give such.
 */

/** Every address of one or the other. */
export function union4(a: Uint32Array, b: Uint32Array): Uint32Array<ArrayBuffer> {
  const out = new Uint32Array(a.length + b.length);
  let length = 0;
  let last = -2;
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const isMine = j >= b.length || (i < a.length && (a[i] ?? 0) <= (b[j] ?? 0));
    const from = isMine ? a : b;
    const at = isMine ? i : j;
    if (isMine) i += 2;
    else j += 2;
    const first = from[at] ?? 0;
    const end = from[at + 1] ?? 0;
    if (first > last + 1) {
      out[length] = first;
      length += 2;
    } else if (end <= last) continue;
    out[length - 1] = end;
    last = end;
  }
  return shrunk(out, length);
}

/** Every address of `a` that is not in `b`. */
export function subtract4(a: Uint32Array, b: Uint32Array): Uint32Array<ArrayBuffer> {
  // Each range that is taken out splits at most one.
  const out = new Uint32Array(a.length + b.length);
  let length = 0;
  let j = 0;
  for (let i = 0; i < a.length; i += 2) {
    let first = a[i] ?? 0;
    const last = a[i + 1] ?? 0;
    while (j < b.length && (b[j + 1] ?? 0) < first) j += 2;
    let isLeft = true;
    for (let k = j; k < b.length && (b[k] ?? 0) <= last; k += 2) {
      const cut = b[k] ?? 0;
      const cutEnd = b[k + 1] ?? 0;
      if (cut > first) {
        out[length] = first;
        out[length + 1] = cut - 1;
        length += 2;
      }
      isLeft = cutEnd < last;
      if (!isLeft) break;
      first = cutEnd + 1;
    }
    if (!isLeft) continue;
    out[length] = first;
    out[length + 1] = last;
    length += 2;
  }
  return shrunk(out, length);
}

/** The ranges of `a` that `b` does not have with the same ends. */
export function unlike4(a: Uint32Array, b: Uint32Array): Uint32Array<ArrayBuffer> {
  const out = new Uint32Array(a.length);
  let length = 0;
  let j = 0;
  for (let i = 0; i < a.length; i += 2) {
    const first = a[i] ?? 0;
    const last = a[i + 1] ?? 0;
    while (j < b.length && (b[j] ?? 0) < first) j += 2;
    if (j < b.length && b[j] === first && b[j + 1] === last) continue;
    out[length] = first;
    out[length + 1] = last;
    length += 2;
  }
  return shrunk(out, length);
}

/** What is too much is given back at once. */
function shrunk(words: Uint32Array<ArrayBuffer>, length: number): Uint32Array<ArrayBuffer> {
  return length === words.length ? words : new Uint32Array(words.buffer.transferToFixedLength(4 * length));
}

/** From so many bytes on an array is handed over to another thread; smaller ones are copied faster. */
const fromBytes = 65_536;

/**
 * The memory of a large array that is all its own, to be handed over to another thread in place of a copy; nothing for any
 * other value. The sender cannot read the array afterwards.
 */
export function handedOver(value: unknown): ArrayBuffer[] {
  if (!ArrayBuffer.isView(value) || value.byteLength < fromBytes) return [];
  const { buffer } = value;
  // A part of a larger piece of memory belongs to others too.
  return buffer instanceof ArrayBuffer && buffer.byteLength === value.byteLength ? [buffer] : [];
}

/** Gives the memory of a large array back at once: the garbage collector waits until there is much more of it. */
export function release(value: unknown): void {
  for (const buffer of handedOver(value)) buffer.transfer(0);
}

/**
 * A value that came from Python. Lists and tuples are arrays, dictionaries are maps (so that a key `__proto__` is only a
 * key), whole numbers beyond 2^53 are bigints, strings may hold lone surrogates, everything else is an opaque object.
 */
export type PythonValue =
  null | boolean | number | bigint | string | Uint8Array | PythonValue[] | Map<PythonValue, PythonValue> | PythonObject;

/** A value that can be sent to Python. Arrays become lists, maps become dictionaries. */
export type PickleInput =
  null | boolean | number | bigint | string | readonly PickleInput[] | ReadonlyMap<PickleInput, PickleInput>;

/**
 * An object or class this library does not know. Nothing is ever looked up or built by its name: it only keeps what the
 * answer said.
 */
export class PythonObject {
  readonly module: string;
  readonly className: string;
  /** Arguments it was made with; undefined when it is the class itself. */
  readonly args: readonly PythonValue[] | undefined;
  /** What was set after it was made; null when nothing was. */
  state: PythonValue = null;

  constructor(module: string, className: string, args?: readonly PythonValue[]) {
    this.module = module;
    this.className = className;
    this.args = args;
  }
}

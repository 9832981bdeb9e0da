import { join } from 'node:path';

import type * as Glue from '../wasm/goldenpath';

/** The exports of the core, as wasm-bindgen declares them. */
export type Core = typeof Glue;

const glue = join(__dirname, '../wasm/goldenpath.js');

const collected = new FinalizationRegistry((release: () => void) => release());

/** A fault inside goldenpath, not in its input. The next call starts with a fresh core. */
export class InternalError extends Error {
  constructor(request: string, cause: unknown) {
    super(
      `goldenpath failed inside \`${request}\`: a defect of goldenpath, not of your input; please report it`,
      { cause },
    );
    this.name = 'InternalError';
  }
}

/** An object in the core's memory. */
export interface CoreObject {
  free(): void;
}

/**
 * One core: the compiled WebAssembly with its memory. It is loaded by the first call, synchronously,
 * so that importing the package costs nothing and no caller has to wait.
 *
 * A trap (a panic, exhausted memory, a stack overflow) leaves memory that nobody may touch again.
 * The instance is then given up with all its objects, and the next call loads another.
 */
export class Instance {
  static #current: Instance | undefined;

  readonly core: Core;
  #memory = Buffer.alloc(0);
  readonly #objects = new Set<CoreObject>();

  static current(): Instance {
    this.#current ??= new Instance();
    return this.#current;
  }

  private constructor() {
    this.core = require(glue);
  }

  /** The core's memory; to be asked for again after each call, as it may have grown. */
  memory(): Buffer {
    if (this.#memory.length === 0) {
      const { buffer } = this.core.coreMemory() as { buffer: ArrayBuffer };
      this.#memory = Buffer.from(buffer);
    }
    return this.#memory;
  }

  /** Keeps an object alive until it is released or the instance is given up. */
  own<T extends CoreObject>(object: T): T {
    this.#objects.add(object);
    return object;
  }

  release(object: CoreObject) {
    if (this.#objects.delete(object)) object.free();
  }

  giveUp() {
    if (Instance.#current === this) Instance.#current = undefined;
    // the glue frees collected objects, which would call into the dead core
    for (const object of this.#objects) detach(object);
    this.#objects.clear();
    delete require.cache[glue];
  }
}

/**
 * An object in the core that outlives one call. It is built when first used, again after a trap, and
 * freed when the handle is collected.
 */
export class Handle<T extends CoreObject> {
  readonly #build: (core: Core) => T;
  #built: { instance: Instance; object: T } | undefined;

  constructor(build: (core: Core) => T) {
    this.#build = build;
  }

  /** The object in this instance. */
  in(instance: Instance): T {
    return this.#built?.instance === instance
      ? this.#built.object
      : this.set(instance, this.#build(instance.core));
  }

  /** Takes an object that is already built. */
  set(instance: Instance, object: T): T {
    this.#built = { instance, object };
    instance.own(object);
    collected.register(this, () => instance.release(object));
    return object;
  }
}

/** Runs `request` on the core; its name is for the error that a trap becomes. */
export function call<R>(request: string, work: (instance: Instance) => R): R {
  const instance = Instance.current();
  try {
    return work(instance);
  } catch (error) {
    if (!isTrap(error)) throw error;
    instance.giveUp();
    throw new InternalError(request, error);
  }
}

/** By name, since test runners have several realms and so several classes of one name. */
function isTrap(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const { name, message } = error as Partial<Error>;
  return (
    name === 'RuntimeError' ||
    (name === 'RangeError' && /call stack/.test(message ?? ''))
  );
}

/** Makes the glue forget an object without calling the core. */
function detach(object: CoreObject) {
  (object as unknown as { __destroy_into_raw(): number }).__destroy_into_raw();
}

import {
  type Core,
  type CoreObject,
  Handle,
  type Instance,
  call,
} from './load';
import type { Diagnostic, Directory, SourceFile } from './types';

/** What every compiled policy in the core can do. */
interface CorePolicy extends CoreObject {
  setDirectory(directory: string): void;
  decide(request: string): string;
}

/** What compiling in the core gives. */
interface CoreCompilation<P> {
  diagnostics(): string;
  policy(): P | undefined;
  free(): void;
}

/** A compiled policy in the core. One that is built again after a trap is told its directory again. */
export class Compiled<P extends CorePolicy> {
  readonly #handle: Handle<P>;
  /** What it was told, by method, in this order. */
  readonly #told = new Map<keyof P, string>();

  constructor(build: (core: Core) => P) {
    this.#handle = new Handle(core => {
      const policy = build(core);
      for (const [method, text] of this.#told) hand(policy, method, text);
      return policy;
    });
  }

  /** The policy in this instance. */
  in(instance: Instance): P {
    return this.#handle.in(instance);
  }

  /** Takes a policy that is already built. */
  set(instance: Instance, policy: P) {
    this.#handle.set(instance, policy);
  }

  setDirectory(directory: Directory) {
    this.tell('setDirectory', JSON.stringify(directory));
  }

  /** Tells what changes it; the last of each method counts. */
  tell(method: string & keyof P, text: string) {
    call(method, instance => hand(this.in(instance), method, text));
    this.#told.delete(method);
    this.#told.set(method, text);
  }

  /** Asks what takes and gives JSON. */
  ask<T>(method: string & keyof P, question: object): T {
    const json = JSON.stringify(question);
    return call(method, instance => {
      const policy = this.in(instance) as Record<
        typeof method,
        (json: string) => string
      >;
      return JSON.parse(policy[method](json));
    });
  }
}

function hand<P>(policy: P, method: keyof P, text: string) {
  (policy as Record<typeof method, (text: string) => void>)[method](text);
}

/** Compiles in the core: a policy, unless a diagnostic is an error. */
export function compile<P extends CorePolicy>(
  request: string,
  inCore: (core: Core) => CoreCompilation<P>,
): { compiled?: Compiled<P>; diagnostics: Diagnostic[] } {
  const attempt = (core: Core) => {
    const compilation = inCore(core);
    const diagnostics: Diagnostic[] = JSON.parse(compilation.diagnostics());
    const policy = compilation.policy();
    compilation.free();
    return { policy, diagnostics };
  };
  return call(request, instance => {
    const { policy, diagnostics } = attempt(instance.core);
    if (!policy) return { diagnostics };
    const compiled = new Compiled<P>(core => {
      const again = attempt(core).policy;
      if (!again) throw new Error('a policy that compiled once does not now');
      return again;
    });
    compiled.set(instance, policy);
    return { compiled, diagnostics };
  });
}

/** A file as a request in JSON holds it; the core says whether bytes are UTF-8. */
export function fileInJson({ name, content }: SourceFile) {
  return {
    name,
    content: typeof content === 'string' ? content : Array.from(content),
  };
}

import type { Decision, DecisionRequest } from 'goldenpath';

/** How many different requests of one second are remembered; more are decided each time. */
const CAPACITY = 1000;

/**
 * The decisions of the current second.
 *
 * @remarks
 *
 * Backstage asks for a permission once per item of a batch, without the item. Within
 * a second of the clock time changes no answer, as the core counts in whole seconds.
 */
export class RecentDecisions {
  readonly #decisions = new Map<string, Decision>();
  /** The second of the clock that they are of; none if the requests have no time. */
  #second: number | undefined;

  /** Gives the decision on the same request of the same second, or makes one. */
  get(
    request: DecisionRequest,
    decide: (request: DecisionRequest) => Decision,
  ): Decision {
    const { now, ...question } = request;
    this.#turnTo(now === undefined ? now : Math.floor(Date.parse(now) / 1000));
    const key = JSON.stringify(question);
    const known = this.#decisions.get(key);
    if (known) {
      return known;
    }
    const decision = decide(request);
    if (this.#decisions.size < CAPACITY) {
      this.#decisions.set(key, decision);
    }
    return decision;
  }

  /** Forgets all, as what they rest on has changed. */
  clear() {
    this.#decisions.clear();
  }

  #turnTo(second: number | undefined) {
    if (second !== this.#second) {
      this.clear();
      this.#second = second;
    }
  }
}

/** Whole numbers below 2^32 by chance, the same on every machine: mulberry32. */
export function mulberry32(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 0;
  };
}

export class Random {
  #draw;
  /** Whether to make conditions of one permission rule: then Backstage's order of asking is no matter. */
  atomic = false;

  constructor(seed) {
    this.#draw = mulberry32(seed);
  }

  next() {
    return this.#draw() / 2 ** 32;
  }

  chance(probability) {
    return this.next() < probability;
  }

  pick(choices) {
    return choices[Math.floor(this.next() * choices.length)];
  }

  /** One to `most` of something. */
  list(most, make) {
    const length = 1 + Math.floor(this.next() * most);
    return Array.from({ length }, () => make());
  }

  some(choices) {
    return this.list(3, () => this.pick(choices));
  }
}

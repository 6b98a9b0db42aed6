/** Deterministic chance for the sample: the same seed gives the same report on every machine. */

export interface Random {
  /** In [0, 1). */
  next(): number;
  /** Integer in [0, below). */
  below(limit: number): number;
  /** Exponential with this mean. */
  wait(mean: number): number;
  normal(): number;
  /** Index drawn by weight. */
  pick(weights: number[]): number;
}

/** Mulberry32: small, and good enough to draw a picture from. */
export function makeRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  return {
    next,
    below: (limit) => Math.floor(next() * limit),
    wait: (mean) => -Math.log(1 - next()) * mean,
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    pick: (weights) => {
      let left = next() * weights.reduce((sum, weight) => sum + weight, 0);
      const found = weights.findIndex((weight) => {
        left -= weight;
        return left < 0;
      });
      return found < 0 ? weights.length - 1 : found;
    },
  };
}

/** Reproducible randomness: the same seed gives the same draw on every machine. */

export type Random = {
  /** Uniform integer in [0, below), for 1 ≤ below ≤ 2³². */
  integer(below: number): number;
};

/**
 * Generator for a seed of any length.
 *
 * xoshiro128** 1.1 (Blackman and Vigna, "Scrambled linear pseudorandom number generators", ACM TOMS 47, 2021; public
 * domain), started from a 128-bit hash of the seed (the multiply-and-xor hash "cyrb128" by bryc, public domain).
 * Not for secrets: whoever knows the seed knows the draw, so seeds come from a secure source and stay on the server.
 */
export function createRandom(seed: string): Random {
  const next = xoshiro128(hash128(seed));
  return {
    integer(below) {
      // Values past the last whole multiple would make the small results more likely.
      const limit = 2 ** 32 - (2 ** 32 % below);
      let value = next();
      while (value >= limit) value = next();
      return value % below;
    },
  };
}

type State = [number, number, number, number];

/** The bare generator: 32-bit numbers from a state that is not all zero. */
export function xoshiro128([a, b, c, d]: State): () => number {
  return () => {
    const scrambled = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotateLeft(d, 11);
    return scrambled;
  };
}

/** Uniformly shuffled copy (Fisher–Yates, Durstenfeld's form: Knuth, TAOCP vol. 2, 3.4.2 P). */
export function shuffled<T>(list: readonly T[], random: Random): T[] {
  const result = [...list];
  for (let last = result.length - 1; last > 0; last -= 1) {
    const at = random.integer(last + 1);
    [result[last], result[at]] = [result[at] as T, result[last] as T];
  }
  return result;
}

function rotateLeft(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}

function hash128(text: string): State {
  let a = 1779033703;
  let b = 3144134277;
  let c = 1013904242;
  let d = 2773480762;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    a = b ^ Math.imul(a ^ code, 597399067);
    b = c ^ Math.imul(b ^ code, 2869860233);
    c = d ^ Math.imul(c ^ code, 951274213);
    d = a ^ Math.imul(d ^ code, 2716044179);
  }
  a = Math.imul(c ^ (a >>> 18), 597399067);
  b = Math.imul(d ^ (b >>> 22), 2869860233);
  c = Math.imul(a ^ (c >>> 17), 951274213);
  d = Math.imul(b ^ (d >>> 19), 2716044179);
  a ^= b ^ c ^ d;
  // All-zero is the one state the generator cannot leave.
  return [a | 1, b ^ a, c ^ a, d ^ a];
}

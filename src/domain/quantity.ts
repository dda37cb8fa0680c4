/** Kubernetes quantities (apimachinery `resource.Quantity`): `100m`, `1.5Gi`, `2e3`, `129M`. */

const QUANTITY = /^([+-]?(?:\d+(?:\.\d*)?|\.\d+))(?:([eE][+-]?\d+)|([numkMGTPE]|[KMGTPE]i)?)$/;

const FACTOR: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** The number a quantity stands for, in its base unit (cores, bytes, pieces); undefined when it is none. */
export function parseQuantity(text: unknown): number | undefined {
  if (typeof text === 'number') return Number.isFinite(text) ? text : undefined;
  const parts = typeof text === 'string' ? QUANTITY.exec(text) : null;
  if (!parts) return undefined;
  const [, digits = '', exponent = '', suffix] = parts;
  if (suffix === undefined) return Number(digits + exponent);
  const factor = FACTOR[suffix] ?? 1;
  // Dividing by 1000 is exact where multiplying by 0.001 is not (0.1 instead of 0.1000…01 for `100m`).
  return factor < 1 ? Number(digits) / Math.round(1 / factor) : Number(digits) * factor;
}

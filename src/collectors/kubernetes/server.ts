import type { ServerInfo } from '../../domain/state.ts';
import type { Clock } from './clock.ts';
import type { KubeHttp } from './http.ts';
import { nameOf } from './projections/meta.ts';
import { present, string } from './raw.ts';
import { notKubernetes } from './statusError.ts';

/** Reads version and clock of the API server. Throws KubeError. */
export async function readServer(http: KubeHttp, clock: Clock, signal: AbortSignal): Promise<ServerInfo> {
  const askedAt = clock.now();
  const { data, serverTime } = await http.json('/version', { signal });
  const answeredAt = clock.now();
  const version = string(data.gitVersion);
  if (version === undefined) throw notKubernetes(http.access.target.server, 'JSON without a version');
  return present<ServerInfo>({
    version: nameOf(version) ?? '',
    platform: nameOf(data.platform),
    clockSkewMs: serverTime === undefined ? 0 : skew(serverTime, askedAt, answeredAt),
  });
}

/** The Date header counts whole seconds, so a skew of less than one is none. */
function skew(serverTime: number, askedAt: number, answeredAt: number): number {
  const difference = Math.round(serverTime + 500 - (askedAt + answeredAt) / 2);
  return Math.abs(difference) < 1000 ? 0 : difference;
}

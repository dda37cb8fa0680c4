import type { Meta, PvcInfo, PvInfo } from '../../../domain/kinds.ts';
import { parseQuantity } from '../../../domain/quantity.ts';
import type { Interner } from '../intern.ts';
import { extended, list, record, string } from '../raw.ts';
import { conditionsOf, message, metaOf, nameOf, type Projection, word } from './meta.ts';

export function projectPvc(intern: Interner): Projection<PvcInfo> {
  return (raw) => {
    const meta = metaOf(raw, intern);
    if (meta === undefined) return undefined;
    const spec = record(raw.spec);
    const status = record(raw.status);
    return extended<PvcInfo, Meta>(meta, {
      phase: word(status.phase, intern) ?? 'Unknown',
      volumeName: nameOf(spec.volumeName),
      storageClass: word(spec.storageClassName, intern),
      accessModes: intern.value(list(spec.accessModes).map((mode) => word(mode, intern) ?? '')),
      requested: parseQuantity(record(record(spec.resources).requests).storage),
      capacity: parseQuantity(record(status.capacity).storage),
      conditions: conditionsOf(status.conditions, intern),
    });
  };
}

export function projectPv(intern: Interner): Projection<PvInfo> {
  return (raw) => {
    const meta = metaOf(raw, intern);
    if (meta === undefined) return undefined;
    const spec = record(raw.spec);
    const status = record(raw.status);
    const claim = record(spec.claimRef);
    return extended<PvInfo, Meta>(meta, {
      phase: word(status.phase, intern) ?? 'Unknown',
      reason: word(status.reason, intern),
      message: message(status.message),
      capacity: parseQuantity(record(spec.capacity).storage),
      storageClass: word(spec.storageClassName, intern),
      reclaimPolicy: word(spec.persistentVolumeReclaimPolicy, intern),
      claim: string(claim.name) && `${nameOf(claim.namespace) ?? ''}/${nameOf(claim.name)}`,
    });
  };
}

import { KIND_MESSAGES } from './protobuf-kinds.ts';
import { POD_MESSAGES } from './protobuf-pods.ts';
import { VOLUME_AND_PLACEMENT_MESSAGES } from './protobuf-volumes.ts';

/**
 * Fields of messages by number, each `name:type`. Types are `string`, `bytes`, `int`, `bool`, `intOrString`, `quantity`,
 * `strings`, `blobs` and `quantities` (maps of strings, bytes and quantities) or the name of another message. `[]`
 * marks repeated ones, `?` those whose zero or empty value means unset; the fields of a message named `*` belong to
 * the message around it.
 */
export type Messages = Readonly<Record<string, Readonly<Record<number, string>>>>;

/**
 * The messages that kubectl sends as protobuf (its typed clients do so from 1.32 on), as published in the
 * generated.proto files of Kubernetes.
 */
export const MESSAGES: Messages = {
  ...VOLUME_AND_PLACEMENT_MESSAGES,
  ...POD_MESSAGES,
  ...KIND_MESSAGES,
  Unknown: { 1: 'typeMeta:TypeMeta', 2: 'raw:bytes', 3: 'contentEncoding:string', 4: 'contentType:string' },
  TypeMeta: { 1: 'apiVersion:string', 2: 'kind:string' },
  ObjectMeta: {
    1: 'name:string',
    2: 'generateName:string',
    3: 'namespace:string',
    4: 'selfLink:string',
    5: 'uid:string',
    6: 'resourceVersion:string',
    7: 'generation:int?',
    10: 'deletionGracePeriodSeconds:int',
    11: 'labels:strings',
    12: 'annotations:strings',
    13: 'ownerReferences:OwnerReference[]',
    14: 'finalizers:string[]',
  },
  OwnerReference: {
    1: 'kind:string',
    3: 'name:string',
    4: 'uid:string',
    5: 'apiVersion:string',
    6: 'controller:bool',
    7: 'blockOwnerDeletion:bool',
  },
  Quantity: { 1: 'string:string' },
  DeleteOptions: {
    1: 'gracePeriodSeconds:int',
    2: 'preconditions:Preconditions',
    3: 'orphanDependents:bool',
    4: 'propagationPolicy:string',
    5: 'dryRun:string[]',
  },
  Preconditions: { 1: 'uid:string', 2: 'resourceVersion:string' },
  LabelSelector: { 1: 'matchLabels:strings', 2: 'matchExpressions:LabelSelectorRequirement[]' },
  LabelSelectorRequirement: { 1: 'key:string', 2: 'operator:string', 3: 'values:string[]' },
  SelfSubjectReview: { 1: 'metadata:ObjectMeta' },
  SelfSubjectAccessReview: { 1: 'metadata:ObjectMeta', 2: 'spec:SelfSubjectAccessReviewSpec' },
  SelfSubjectAccessReviewSpec: {
    1: 'resourceAttributes:ResourceAttributes',
    2: 'nonResourceAttributes:NonResourceAttributes',
  },
  ResourceAttributes: {
    1: 'namespace:string',
    2: 'verb:string',
    3: 'group:string',
    4: 'version:string',
    5: 'resource:string',
    6: 'subresource:string',
    7: 'name:string',
  },
  NonResourceAttributes: { 1: 'path:string', 2: 'verb:string' },
  SelfSubjectRulesReview: { 1: 'metadata:ObjectMeta', 2: 'spec:SelfSubjectRulesReviewSpec' },
  SelfSubjectRulesReviewSpec: { 1: 'namespace:string' },
  Eviction: { 1: 'metadata:ObjectMeta', 2: 'deleteOptions:DeleteOptions' },
  Namespace: { 1: 'metadata:ObjectMeta' },
  ConfigMap: { 1: 'metadata:ObjectMeta', 2: 'data:strings', 3: 'binaryData:blobs', 4: 'immutable:bool' },
  Secret: {
    1: 'metadata:ObjectMeta',
    2: 'data:blobs',
    3: 'type:string',
    4: 'stringData:strings',
    5: 'immutable:bool',
  },
  ServiceAccount: { 1: 'metadata:ObjectMeta', 4: 'automountServiceAccountToken:bool' },
  Scale: { 1: 'metadata:ObjectMeta', 2: 'spec:ScaleSpec' },
  ScaleSpec: { 1: 'replicas:int' },
  PodDisruptionBudget: { 1: 'metadata:ObjectMeta', 2: 'spec:PodDisruptionBudgetSpec' },
  PodDisruptionBudgetSpec: {
    1: 'minAvailable:intOrString',
    2: 'selector:LabelSelector',
    3: 'maxUnavailable:intOrString',
    4: 'unhealthyPodEvictionPolicy:string',
  },
  IntOrString: { 1: 'type:int', 2: 'intVal:int', 3: 'strVal:string' },
};

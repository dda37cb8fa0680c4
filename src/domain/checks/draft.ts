/** What a check returns: a finding that is not yet grouped or held back. */
import type { Area, Evidence, Finding, ObjectRef } from '../finding.ts';
import { refKey } from '../owners.ts';

/** A finding as a check sees it now. */
export interface Draft extends Omit<Finding, 'consequences'> {
  /** Ids of findings that would explain this one; it is folded under the first that exists. */
  readonly causedBy: readonly string[];
  /** How long it must hold before it shows, even at the first look; default by severity. */
  readonly holdMs?: number;
}

/** What a check has to say; the rest has defaults. */
export interface DraftInput {
  readonly code: string;
  readonly severity: Draft['severity'];
  readonly area: Area;
  readonly subject: ObjectRef;
  readonly title: string;
  readonly scope?: string;
  readonly since?: number | undefined;
  readonly evidence?: readonly Evidence[];
  readonly cause?: string | undefined;
  readonly effect?: string | undefined;
  readonly advice?: readonly string[];
  readonly remediations?: readonly string[];
  readonly causedBy?: readonly string[];
  readonly holdMs?: number;
}

/** Id of the finding with this code about this object. */
export function findingId(code: string, subject: ObjectRef): string {
  return `${code}/${refKey(subject)}`;
}

/** Completes a draft: id from code and subject, scope from the namespace. */
export function draft(input: DraftInput): Draft {
  const { since, cause, effect, ...rest } = input;
  return {
    id: findingId(input.code, input.subject),
    scope: input.subject.namespace ?? input.subject.name,
    evidence: [],
    advice: [],
    remediations: [],
    causedBy: [],
    ...rest,
    ...(since !== undefined && { since }),
    ...(cause !== undefined && { cause }),
    ...(effect !== undefined && { effect }),
  };
}

import type { UiState } from '../model.ts';

/** The screen at the start: Triage, nothing selected, nothing hidden. */
export function initialUi(): UiState {
  return {
    tab: 'triage',
    focus: { triage: 'triage/findings', nodes: 'nodes/pods' },
    lists: {
      'triage/findings': { index: 0 },
      'nodes/nodes': { index: 0 },
      'nodes/pods': { index: 0 },
      'nodes/workloads': { index: 0 },
    },
    filter: '',
    problemsOnly: false,
    namespace: '',
    viewers: [],
    sortHeldUntil: 0,
  };
}

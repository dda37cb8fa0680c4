import { worst } from '../domain/severity.ts';
import type { ScreenModel, View } from './model.ts';
import { eventsPane, warningsPane } from './panes/events.ts';
import { findingsPane } from './panes/findings.ts';
import { healthPane, healthStrip } from './panes/health.ts';
import { memoryPane } from './panes/memory.ts';
import { nodeBarsPane } from './panes/nodes.ts';
import { requestsPane, restartsPane } from './panes/resources.ts';
import { whyPane } from './panes/why.ts';
import { findingRows, selectedRow } from './rows.ts';
import { drawColumns } from './ui/columns.ts';
import { spare } from './ui/stack.ts';

/** What is wrong, worst first, and why. */
export const triageView: View = {
  id: 'triage',
  key: '1',
  title: 'Triage',
  lists: ['triage/findings'],
  rows: findingRows,
  render: (model, width, height) =>
    drawColumns(width, height, ([main = width, second, third]) => {
      const [findings, why, warnings] = [
        findingsPane(model, main),
        whyPane(model, third === undefined ? main : (second ?? main)),
        spare(warningsPane(model, main)),
      ];
      if (second === undefined) {
        const nodes = spare(nodeBarsPane(model, main));
        return [[healthStrip(model, main), findings, why, warnings, nodes, ...usagePanes(model, main)]];
      }
      if (third === undefined) return [[findings, why, warnings], sidePanes(model, second)];
      return [[findings, warnings], [why, subjectEvents(model, second)], sidePanes(model, third)];
    }),
  badge: (model) => worst(model.judge.assessment.findings.map(({ severity }) => severity)),
};

function sidePanes(model: ScreenModel, width: number) {
  const nodes = nodeBarsPane(model, width);
  return [healthPane(model, width), nodes, restartsPane(model, width), ...usagePanes(model, width)];
}

/** What the cluster is asked for and uses, where there is room to spare. */
function usagePanes(model: ScreenModel, width: number) {
  return [spare(requestsPane(model, width)), spare(memoryPane(model, width))];
}

/** Events about the subject of the selected finding. */
function subjectEvents(model: ScreenModel, width: number) {
  const selected = selectedRow(model, 'triage/findings', findingRows(model));
  return selected && spare(eventsPane(model, selected.ref, width));
}

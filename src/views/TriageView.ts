import { worst } from '../domain/severity.ts';
import type { ScreenModel, View } from './model.ts';
import { findingsPane, whyPane } from './panes/findings.ts';
import { healthPane, healthStrip } from './panes/health.ts';
import { nodeBarsPane } from './panes/nodes.ts';
import { restartsPane } from './panes/resources.ts';
import { findingRows } from './rows.ts';
import { drawColumns } from './ui/columns.ts';

/** What is wrong, worst first, and why. */
export const triageView: View = {
  id: 'triage',
  key: '1',
  title: 'Triage',
  lists: ['triage/findings'],
  rows: findingRows,
  render: (model, width, height) =>
    drawColumns(width, height, ([main = width, second, third]) => {
      if (second === undefined) {
        return [[healthStrip(model, main), findingsPane(model, main), whyPane(model, main)]];
      }
      if (third === undefined) {
        return [[findingsPane(model, main), whyPane(model, main)], sidePanes(model, second)];
      }
      return [[findingsPane(model, main)], [whyPane(model, second)], sidePanes(model, third)];
    }),
  badge: (model) => worst(model.judge.assessment.findings.map(({ severity }) => severity)),
};

function sidePanes(model: ScreenModel, width: number) {
  return [healthPane(model, width), nodeBarsPane(model, width), restartsPane(model, width)];
}

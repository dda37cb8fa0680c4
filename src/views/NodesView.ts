import { worst } from '../domain/severity.ts';
import type { ScreenModel, View } from './model.ts';
import { detailsPane, selection } from './panes/details.ts';
import { eventFields, eventsPane } from './panes/events.ts';
import { nodesPane } from './panes/nodes.ts';
import { podsPane } from './panes/pods.ts';
import { requestsPane, restartsPane } from './panes/resources.ts';
import { workloadsPane } from './panes/workloads.ts';
import { nodeRows, podRows, workloadRows } from './rows.ts';
import { drawColumns } from './ui/columns.ts';

/** Body rows from which Pods and Workloads are shown under each other. */
const TALL = 45;

/** Nodes, pods and workloads, and everything known of the selected one. */
export const nodesView: View = {
  id: 'nodes',
  key: '2',
  title: 'Nodes',
  lists: ['nodes/nodes', 'nodes/pods', 'nodes/workloads'],
  rows: (model, list) => {
    if (list === 'nodes/nodes') return nodeRows(model);
    return list === 'nodes/workloads' ? workloadRows(model) : podRows(model);
  },
  render: (model, width, height) =>
    drawColumns(width, height, ([main = width, second, third]) => {
      const lists = [nodesPane(model, main), ...objectPanes(model, main, height)];
      if (second === undefined) return [[...lists, briefDetails(model, main)]];
      const usage = (size: number) => [restartsPane(model, size), requestsPane(model, size)];
      if (third === undefined) return [[...lists, ...usage(main)], fullDetails(model, second)];
      return [lists, fullDetails(model, second), usage(third)];
    }),
  badge: (model) => {
    const { nodes, pods, workloads } = model.judge.assessment;
    return worst([nodes.severity, pods.severity, workloads.severity]);
  },
};

/** Pods and workloads take each other's place, unless there is room for both. */
function objectPanes(model: ScreenModel, width: number, height: number) {
  if (height >= TALL) return [podsPane(model, width), workloadsPane(model, width)];
  return [model.ui.focus.nodes === 'nodes/workloads' ? workloadsPane(model, width) : podsPane(model, width)];
}

/** Details with the newest events among them. */
function briefDetails(model: ScreenModel, width: number) {
  const selected = selection(model, width);
  if (selected === undefined) return undefined;
  const events = eventFields(model, selected.ref, width);
  return detailsPane({ ...selected, lines: [...selected.lines, ...events] }, width);
}

function fullDetails(model: ScreenModel, width: number) {
  const selected = selection(model, width);
  return selected === undefined ? [] : [detailsPane(selected, width), eventsPane(model, selected.ref, width)];
}

import type { TreeItem } from 'vscode';
import type { DetectedGates } from '../../core/ports';
import { countText, durationText } from '../../protocol/labels';
import { gateItems } from '../../protocol/gateProjection';
import { attended } from '../../protocol/runProjection';
import type { FindingItem, GateItem } from '../../protocol/runModel';
import type { Engines } from '../engines';
import { activeFolder, openFolders, windowRefusal } from '../folders';
import type { PlaceFile } from '../filePlaces';
import type { Runs } from '../runs';
import type { VsCode } from '../vscodeApi';
import { plainIcon, verdictIcon } from './stateIcons';
import { Tree } from './tree';

export type GateNode =
  | { readonly kind: 'gate'; readonly runId: string; readonly gate: GateItem; readonly on: string }
  | { readonly kind: 'finding'; readonly runId: string; readonly finding: FindingItem }
  | { readonly kind: 'more'; readonly count: number }
  | { readonly kind: 'note'; readonly label: string; readonly note: string; readonly icon: string };

/** Gates of the run that is looked at with their verdicts; before the first run, those that were detected. */
export function gatesTree(api: VsCode, runs: Runs, engines: Engines): Tree<GateNode> {
  return new Tree<GateNode>(api, {
    children: (node) => (node ? childrenOf(node) : roots(api, runs, engines)),
    item: (node) => itemOf(api, runs, node),
  });
}

async function roots(api: VsCode, runs: Runs, engines: Engines): Promise<GateNode[]> {
  const view = runs.current();
  if (view && view.gates.length + view.runningGates.length > 0) {
    const titleOf = new Map(view.tasks.map(({ task }) => [task.id, task.title]));
    return gateItems(attended(view, runs.attendanceOf(view.runId))).map((gate) => ({
      kind: 'gate',
      runId: view.runId,
      gate,
      on: onLabel(gate.on, titleOf),
    }));
  }
  const folder = activeFolder(api) ?? openFolders(api)[0];
  if (!folder || windowRefusal(api)) return [];
  const engine = await engines.open(folder);
  return engine.ok ? detected(await engine.value.gates()) : [];
}

function onLabel(on: string, titleOf: ReadonlyMap<string, string>): string {
  if (on === 'base') return 'before the run';
  return on === 'combined' ? 'combined result' : (titleOf.get(on) ?? on);
}

function detected({ gates, absent }: DetectedGates): GateNode[] {
  return [
    ...gates.map((gate): GateNode => ({
      kind: 'note',
      label: gate.title,
      note: gate.command,
      icon: 'shield',
    })),
    ...absent.map((gate): GateNode => ({
      kind: 'note',
      label: gate.name,
      note: `does not apply: ${gate.reason}`,
      icon: 'circle-slash',
    })),
  ];
}

function childrenOf(node: GateNode): GateNode[] {
  if (node.kind !== 'gate') return [];
  const findings = node.gate.findings.map((finding): GateNode => ({
    kind: 'finding',
    runId: node.runId,
    finding,
  }));
  return node.gate.hidden > 0 ? [...findings, { kind: 'more', count: node.gate.hidden }] : findings;
}

function itemOf(api: VsCode, runs: Runs, node: GateNode): TreeItem {
  switch (node.kind) {
    case 'gate':
      return gateTreeItem(api, node.gate, node.on);
    case 'finding':
      return findingTreeItem(api, node.finding, (file) => runs.placeOf(node.runId, file) ?? file);
    case 'more':
      return new api.TreeItem(`${node.count} more are in the report`);
    case 'note': {
      const item = new api.TreeItem(node.label);
      item.description = node.note;
      item.tooltip = `${node.label}\n${node.note}`;
      item.iconPath = plainIcon(api, node.icon);
      return item;
    }
  }
}

function gateTreeItem(api: VsCode, gate: GateItem, on: string): TreeItem {
  const { Collapsed, Expanded, None } = api.TreeItemCollapsibleState;
  const item = new api.TreeItem(
    gate.title,
    gate.findings.length === 0 ? None : gate.verdict === 'failed' ? Expanded : Collapsed,
  );
  const took = gate.durationMs === null ? '' : `, ${durationText(gate.durationMs)}`;
  const fresh = gate.newFindings > 0 ? `, ${countText(gate.newFindings, 'new finding')}` : '';
  item.id = `gate:${gate.gate}:${gate.on}`;
  item.description = `${gate.verdict} on ${on}${fresh}${took}`;
  item.tooltip = [`${gate.title}: ${gate.verdict}`, gate.reason, gate.command, gate.outputTail ?? '']
    .join('\n')
    .trim();
  item.iconPath = verdictIcon(api, gate.verdict);
  return item;
}

function findingTreeItem(api: VsCode, finding: FindingItem, locate: PlaceFile): TreeItem {
  const item = new api.TreeItem(finding.message.split('\n')[0] ?? finding.message);
  const place =
    finding.file === null ? '' : `${finding.file}${finding.line === null ? '' : `:${finding.line}`}`;
  item.description = finding.isNew ? place : `${place} (there before the run)`;
  item.tooltip = `${finding.message}\n${[finding.rule, place].filter(Boolean).join(' · ')}`;
  item.iconPath = plainIcon(api, finding.severity);
  if (finding.file === null) return item;
  const position = new api.Position((finding.line ?? 1) - 1, (finding.column ?? 1) - 1);
  const target = api.Uri.file(locate(finding.file));
  item.command = {
    command: 'vscode.open',
    title: 'Open',
    arguments: [target, { selection: new api.Range(position, position) }],
  };
  return item;
}

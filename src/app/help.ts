import { COMMANDS, type CommandName, FORMATS, OPTIONS, type OptionName, optionSpec } from './options.ts';

const EXAMPLES: Readonly<Partial<Record<CommandName, readonly (readonly [string, string])[]>>> = {
  console: [
    ['homelab-top', 'the console on the current kube context'],
    ['homelab-top --demo', 'try it without a cluster'],
    ['homelab-top check nodes pods -o json', 'for scripts and cron'],
    ['homelab-top report > incident.md', 'paste it into an issue'],
  ],
  check: [
    ['homelab-top check', 'everything, in words'],
    ['homelab-top check k8s -o json', 'nodes and pods, for scripts'],
    ['homelab-top check -o prometheus > homelab.prom', 'node_exporter textfile'],
  ],
  report: [['homelab-top report > incident.md', 'addresses and tokens are masked']],
  doctor: [['homelab-top doctor --context home', 'why is that pane empty?']],
  simulate: [['homelab-top simulate --scenario node-down', 'then point kubectl at it']],
};

const EXIT_CODES = [
  'Exit codes:',
  '  0 healthy   1 warning   2 critical   3 unknown or unreachable   64 wrong usage',
];

const AREAS = ['Areas:', '  nodes  pods  storage  network   (k8s = nodes and pods; none named = all)'];

/** Help of the whole program, or of one command; at most 80 columns wide, ends with a newline. */
export function helpText(command: CommandName = 'console'): string {
  const isOverview = command === 'console';
  const blocks = [
    isOverview ? overview() : [usageOf(command), `  ${COMMANDS[command].summary}`],
    command === 'check' || isOverview ? AREAS : [],
    ...optionBlocks(command),
    exampleBlock(command),
    EXIT_CODES,
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function overview(): string[] {
  const rows = (Object.keys(COMMANDS) as CommandName[])
    .filter((name) => name !== 'console')
    .map((name) => [`  ${[name, operandsOf(name)].join(' ').trim()}`, COMMANDS[name].summary] as const);
  return [
    'homelab-top: live triage console for a Kubernetes homelab',
    '',
    'Usage: homelab-top [OPTION...]             the console',
    '       homelab-top COMMAND [OPTION...]     one shot',
    '',
    'Commands:',
    ...columns(rows),
  ];
}

function usageOf(command: CommandName): string {
  return `Usage: homelab-top ${[command, operandsOf(command), '[OPTION...]'].filter(Boolean).join(' ')}`;
}

function operandsOf(command: CommandName): string {
  const spec = COMMANDS[command];
  return 'operands' in spec ? spec.operands : '';
}

/** One block for each group that has options; the overview shows those of every command. */
function optionBlocks(command: CommandName): string[][] {
  const names = (Object.keys(OPTIONS) as OptionName[]).filter(
    (name) => command === 'console' || (optionSpec(name)?.commands?.includes(command) ?? true),
  );
  const width = Math.max(...names.map((name) => synopsis(name).length));
  const byGroup = Object.groupBy(names, (name) => OPTIONS[name].group);
  return Object.entries(byGroup).map(([group, members]) => [
    `${group}:`,
    ...columns(
      members.map((name) => [synopsis(name), explanationOf(name, command)]),
      width,
    ),
  ]);
}

/** The formats of `-o` differ from command to command. */
function explanationOf(name: OptionName, command: CommandName): string {
  if (name === 'output' && command in FORMATS) return FORMATS[command as keyof typeof FORMATS].join(', ');
  return OPTIONS[name].help;
}

function synopsis(name: OptionName): string {
  const spec = optionSpec(name);
  const short = spec?.short ? `-${spec.short}, ` : '    ';
  return `  ${short}--${name}${spec?.value ? ` ${spec.value}` : ''}`;
}

function exampleBlock(command: CommandName): string[] {
  const examples = EXAMPLES[command];
  if (examples === undefined) return [];
  return ['Examples:', ...columns(examples.map(([line, why]) => [`  ${line}`, why]))];
}

/** Two columns, the right one aligned; `width` of the left one when it must agree with other blocks. */
function columns(
  rows: readonly (readonly [string, string])[],
  width = Math.max(...rows.map(([left]) => left.length)),
): string[] {
  return rows.map(([left, right]) => `${left.padEnd(width)}  ${right}`);
}

import { beforeAll, expect, it } from 'vitest';
import { type ApiList, type Contract, configMap, configMaps, coreHome, refusal } from './workspace.ts';

const as = (kind: string): Readonly<Record<string, string>> => ({
  Accept: `application/json;as=${kind};v=v1;g=meta.k8s.io`,
});

interface Table {
  readonly kind: string;
  readonly columnDefinitions: readonly {
    readonly name: string;
    readonly type: string;
    readonly format: string;
    readonly priority: number;
  }[];
  readonly rows: readonly { readonly cells: readonly unknown[]; readonly object: unknown }[];
}

const POD_COLUMNS = [
  'Name string name 0',
  'Ready string 0',
  'Status string 0',
  'Restarts string 0',
  'Age string 0',
  'IP string 1',
  'Node string 1',
  'Nominated Node string 1',
  'Readiness Gates string 1',
];

const NODE_COLUMNS = [
  'Name string name 0',
  'Status string 0',
  'Roles string 0',
  'Age string 0',
  'Version string 0',
  'Internal-IP string 1',
  'External-IP string 1',
  'OS-Image string 1',
  'Kernel-Version string 1',
  'Container-Runtime string 1',
];

/** Other shapes of objects: rows, and metadata alone. */
export const shapes: Contract = (workspace) => {
  beforeAll(async () => {
    await workspace().api.create(`${coreHome(workspace())}/pods`, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'tabled' },
      spec: { containers: [{ name: 'app', image: 'registry.k8s.io/pause:3.10' }] },
    });
  });

  it.each([
    ['pods', POD_COLUMNS],
    ['nodes', NODE_COLUMNS],
  ])('the Table of %s', async (resource, columns) => {
    const table = await workspace().api.get<Table>(`/api/v1/${resource}?limit=3`, as('Table'));
    expect(table.kind).toBe('Table');
    expect(
      table.columnDefinitions.map(({ name, type, format, priority }) =>
        [name, type, ...(format ? [format] : []), priority].join(' '),
      ),
    ).toEqual(columns);
    expect(table.rows.length).toBeGreaterThan(0);
    for (const { cells, object } of table.rows) {
      expect(cells).toHaveLength(columns.length);
      expect(object).toMatchObject({ kind: 'PartialObjectMetadata', metadata: { name: cells[0] } });
    }
  });

  it('a Table comes with whole objects when asked', async () => {
    const table = await workspace().api.get<Table>('/api/v1/nodes?limit=1&includeObject=Object', as('Table'));
    expect(table.rows[0]?.object).toMatchObject({ kind: 'Node', status: expect.any(Object) });
  });

  it('metadata alone, of one and of many', async () => {
    const { api } = workspace();
    const home = configMaps(workspace());
    const made = await api.create(home, configMap('lean', { heavy: 'yes' }));
    const lean = { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: made.metadata };
    expect(await api.get(`${home}/lean`, as('PartialObjectMetadata'))).toEqual(lean);
    const query = `${home}?fieldSelector=metadata.name%3Dlean`;
    const list = await api.get<ApiList>(query, as('PartialObjectMetadataList'));
    expect(list).toMatchObject({ kind: 'PartialObjectMetadataList', apiVersion: 'meta.k8s.io/v1' });
    expect(list.items).toEqual([lean]);
  });

  it('a shape that nobody knows is not acceptable (406)', async () => {
    const answer = await workspace().api.send('GET', '/api/v1/nodes', undefined, { Accept: 'image/png' });
    expect(answer).toEqual(refusal(406, 'NotAcceptable'));
  });
};

import { expect, it } from 'vitest';
import type { Contract } from './workspace.ts';

const GROUP = 'authorization.k8s.io/v1';
const HOME = `/apis/${GROUP}`;

/** What the user may do, asked beforehand. The user is an administrator. */
export const access: Contract = (workspace) => {
  it('SelfSubjectAccessReview', async () => {
    const resourceAttributes = { verb: 'delete', resource: 'pods', namespace: workspace().namespace };
    const answer = await workspace().api.send('POST', `${HOME}/selfsubjectaccessreviews`, {
      apiVersion: GROUP,
      kind: 'SelfSubjectAccessReview',
      spec: { resourceAttributes },
    });
    expect(answer).toMatchObject({
      status: 201,
      body: {
        kind: 'SelfSubjectAccessReview',
        apiVersion: GROUP,
        spec: { resourceAttributes },
        status: { allowed: true },
      },
    });
  });

  it('SelfSubjectRulesReview', async () => {
    const answer = await workspace().api.send('POST', `${HOME}/selfsubjectrulesreviews`, {
      apiVersion: GROUP,
      kind: 'SelfSubjectRulesReview',
      spec: { namespace: workspace().namespace },
    });
    expect(answer).toMatchObject({
      status: 201,
      body: {
        kind: 'SelfSubjectRulesReview',
        status: {
          resourceRules: expect.arrayContaining([{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }]),
          incomplete: false,
        },
      },
    });
  });

  it('SelfSubjectReview names the user', async () => {
    const answer = await workspace().api.send('POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews', {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'SelfSubjectReview',
    });
    expect(answer).toMatchObject({
      status: 201,
      body: { kind: 'SelfSubjectReview', status: { userInfo: { username: expect.any(String) } } },
    });
  });
};

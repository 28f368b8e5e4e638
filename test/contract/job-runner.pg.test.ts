import { describeJobRunner, Scene } from './job-runner.contract';

describe('PostgreSQL runner', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await Scene.open(undefined);
  });
  afterEach(() => scene.reset());
  afterAll(() => scene.close());

  describeJobRunner(() => scene);
});

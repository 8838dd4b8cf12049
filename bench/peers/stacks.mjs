// One entry per stack. To add another:
//   1. write pages/NAME.js that imports the package and calls runStack({init, build}) from
//      ./common.js (the interface is described at its top);
//   2. add a line here: entry = pages/<entry>.js without .js; query = extra URL parameters (`worker`: it runs
//      in a worker, where one thread may wait for others);
//      static = URL prefix -> folder, for files fetched at run time (.wasm and so on);
//      page = the links that the served playground itself is opened with.
const modules = { '/static/playground/': '../../target/site/pkg/' };
const withThreads = { ...modules, '/static/www/': '../../www/', '/static/www/pkg/': '../../target/site/pkg/' };
const long = 'v=1&optimizer=adam&lr=0.001&batch=64&test=100&epochs=20';
const links = {
  W1: `${long}&data=mnist&net=cnn&width=16&train=60000`,
  W2: `${long}&data=cifar10&net=resnet&blocks=1&width=16&train=50000`,
  W3: `${long}&data=mnist&net=mlp&train=60000`,
  W4: `${long}&data=cifar10&net=lenet&activation=relu&pool=max&train=50000`,
  W5: `${long}&data=cifar10&net=exercise3&width=32&train=50000`,
  W6: `${long}&data=cifar10&net=resnet&stages=4&blocks=2&width=16&train=50000`,
};
const onWebgpu = Object.fromEntries(Object.entries(links).map(([id, link]) => [id, `${link}&device=webgpu`]));
export const STACKS = {
  // This project: its module in the same harness, and the page as a student opens it.
  playground: { entry: 'playground', query: { device: 'cpu' }, static: modules, course: true },
  'playground-threads': { entry: 'playground', query: { device: 'threads', worker: '1' }, static: withThreads, course: true },
  'playground-webgpu': { entry: 'playground', query: { device: 'webgpu' }, static: modules, course: true },
  page: { page: links, course: true },
  'page-webgpu': { page: onWebgpu, course: true },
  'tfjs-webgpu': { entry: 'tfjs-webgpu' },
  'tfjs-webgl': { entry: 'tfjs-webgl', flags: ['--enable-unsafe-swiftshader', '--ignore-gpu-blocklist'] },
  'tfjs-wasm': { entry: 'tfjs-wasm', static: { '/static/tfjs-wasm/': 'node_modules/@tensorflow/tfjs-backend-wasm/dist/' } },
  'tfjs-cpu': { entry: 'tfjs-cpu' },
  'jax-webgpu': { entry: 'jax', query: { backend: 'webgpu' } },
  'jax-wasm': { entry: 'jax', query: { backend: 'wasm' } },
  convnetjs: { entry: 'convnetjs' },
  // not a browser: the ceiling on this machine, on all cores and on one. TORCH_PYTHON names the interpreter.
  'torch-cpu': { python: 'torch_ref.py', course: true },
  'torch-cpu-1': { python: 'torch_ref.py', threads: 1, course: true },
};
/** Measured in every stack; the others are what the course trains, and measured where a stack has `course`. */
const COMMON = ['W1', 'W2', 'W3'];
/** @param {string} name of a stack @param {string} id of a workload */
export const measures = (name, id) => COMMON.includes(id) || !!STACKS[name]?.course;
export const WORKLOAD_IDS = ['W1', 'W2', 'W3', 'W4', 'W5', 'W6'];
export const BASE_FLAGS = ['--no-sandbox', '--headless=new', '--enable-unsafe-webgpu', '--disable-quic',
  '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
  '--enable-precise-memory-info'];

export default {
  title: 'A course',
  url: 'https://course.example',
  baseUrl: '/',
  // `.md` is then Markdown with HTML; as MDX, the iframe would have to be written as JSX.
  markdown: { format: 'detect' },
  scripts: [{ src: 'EMBED_JS', defer: true }],
  presets: [['classic', { docs: { routeBasePath: '/' }, blog: false }]],
};

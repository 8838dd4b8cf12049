export default {
  title: 'A course',
  // A script in a page would be taken for the page's own code, in Vue.
  head: [['script', { src: 'EMBED_JS', defer: '' }]],
  vue: { template: { compilerOptions: { isCustomElement: (tag) => tag === 'cnn-playground' } } },
};

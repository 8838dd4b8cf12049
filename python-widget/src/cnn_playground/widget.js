// The widget's page: a <cnn-playground>, which tells the kernel what happens in it.

/** The words of the one thing that this script has to say itself. */
const UNREACHED = {
  en: (src) => `The playground at ${src} cannot be reached from this browser. Where the kernel runs on another machine, name a hosted playground: Playground(src="https://…").`,
  zh: (src) => `此浏览器无法访问 ${src} 上的实验场。如果内核在另一台机器上运行，请指定一个网站上的实验场：Playground(src="https://…")。`,
  es: (src) => `Desde este navegador no se alcanza el playground de ${src}. Si el kernel se ejecuta en otra máquina, indica un playground publicado: Playground(src="https://…").`,
  fr: (src) => `Ce navigateur n’atteint pas le bac à sable de ${src}. Si le noyau tourne sur une autre machine, indiquez un bac à sable en ligne : Playground(src="https://…").`,
  ar: (src) => `لا يصل هذا المتصفح إلى ساحة التجارب على ${src}. إن كانت النواة تعمل على جهاز آخر، فاذكر ساحة تجارب منشورة: Playground(src="https://…").`,
};

/** Of several views of one widget, the one that obeys: the last that was shown. @type {WeakMap<object, HTMLElement>} */
const last = new WeakMap();

/** Loads the element once for the whole notebook. @param {string} src */
function element(src) {
  if (customElements.get('cnn-playground')) return Promise.resolve();
  const script = document.createElement('script');
  script.src = new URL('embed.js', src).href;
  const loaded = new Promise((resolve, reject) => {
    script.addEventListener('load', resolve);
    script.addEventListener('error', () => reject(new Error(script.src)));
  });
  document.head.append(script);
  return loaded;
}

function render({ model, el }) {
  const playground = document.createElement('cnn-playground');
  let opened = model.get('link');
  /** Says it to the kernel: at once where it listens, else between two cells. */
  const tell = (message) => {
    const told = model.get('_told');
    if (!told) return model.send(message);
    fetch(told, { method: 'POST', mode: 'no-cors', body: JSON.stringify(message) }).catch(() => model.send(message));
  };

  /** Opens another experiment: told to the frame at once, since JupyterLab was seen to keep changed attributes from the element. */
  const open = async (link) => {
    if (link === opened) return playground.load();
    opened = link;
    playground.link = link;
    return playground.setState(link);
  };

  const obey = async ({ method, id, link }) => {
    if (last.get(model) !== playground || !id) return;
    try {
      // A trait that was set before this command may arrive after it.
      if (link !== undefined) await open(link);
      await playground.load();
      const state = await playground[method]();
      tell({ type: 'answer', id, state });
    } catch (fault) {
      tell({ type: 'answer', id, fault: { code: fault?.code ?? String(fault), ...fault } });
    }
  };
  const follow = () => void open(model.get('link')).catch(() => {});
  const size = () => playground.setAttribute('height', model.get('height'));

  playground.addEventListener('finished', ({ detail }) => {
    const { run } = detail;
    tell(detail);
    model.set('result', run);
    model.set('_finished', [...model.get('_finished').filter(({ number }) => number !== run.number), run]);
    model.save_changes();
  });
  playground.addEventListener('lab', ({ detail }) => {
    tell(detail);
    model.set('outcome', detail.outcome);
    model.save_changes();
  });

  const src = model.get('src');
  element(src).then(() => {
    playground.setAttribute('src', src);
    playground.link = opened;
    size();
    el.append(playground);
    last.set(model, playground);
    model.on('msg:custom', obey);
    model.on('change:link', follow);
    model.on('change:height', size);
    tell({ type: 'shown' });
  }, () => {
    const words = UNREACHED[navigator.language.split('-')[0]] ?? UNREACHED.en;
    el.append(words(src));
  });

  return () => {
    model.off('msg:custom', obey);
    model.off('change:link', follow);
    model.off('change:height', size);
    playground.remove();
  };
}

export default { render };

// Shows the lab that the teacher chose, tells the tool's server how far the student came, and the platform how high the page is.

const playground = document.querySelector('cnn-playground');
const status = document.querySelector('[role="status"]');
const { link, launch, score: address, graded } = playground.dataset;

playground.link = link;

/** Scores are sent one after another, so that the last one is the last. */
let before = Promise.resolve();

async function send({ score, done }) {
  try {
    const answer = await fetch(address, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ launch, score, done }) });
    const { graded: sent, problem } = await answer.json();
    if (problem ?? sent) status.textContent = problem ?? status.dataset.sent;
  } catch {
    status.textContent = status.dataset.failed;
  }
}

playground.addEventListener('progress', ({ detail: { progress } }) => {
  if (graded !== undefined && progress.score > 0) before = before.then(() => send(progress));
});

// Canvas and others give the frame this height.
new ResizeObserver(() => {
  parent.postMessage({ subject: 'lti.frameResize', height: document.documentElement.offsetHeight }, '*');
}).observe(document.documentElement);

// Forms in a frame: its sandbox may forbid to submit any, and none of the page's is ever sent anywhere.

/** Does what submitting would do, without submitting. */
export function answerForms() {
  document.addEventListener('click', (event) => {
    const button = event.target instanceof Element ? event.target.closest('button') : null;
    const { form } = button ?? {};
    if (!button || !form || button.type !== 'submit') return;
    event.preventDefault();
    if (!form.reportValidity()) return;
    form.dispatchEvent(new SubmitEvent('submit', { bubbles: true, cancelable: true, submitter: button }));
    if (form.method === 'dialog') form.closest('dialog')?.close(button.value);
  });
}
